-- id:          config_aggregates_organization
-- title:       AWS Config aggregates the whole organization in the expected account
-- severity:    medium
-- frameworks:  aws_sra: security_tooling_account
-- reads:       aws_organizations, aws_organizations_accounts, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_config_configuration_aggregators, aws_ec2_regions, aws_delegation_services, aws_delegation_owners, aws_delegation_expectations
-- why:         What Config records lies in each account and Region by itself. Without an aggregator of the organization nobody can ask
--              for all of it at once, and an aggregator of single accounts lacks every account that joined since.
-- decides:     At least one aggregator has an OrganizationAggregationSource with AllAwsRegions, or with AwsRegions that name every
--              enabled Region where Config exists, and is in an account of the expected owner of Config (infosec, unless
--              `expectations` of the spec says otherwise). The Region that it is in does not matter. Where none is so, each is
--              named with what it lacks. Whether Config records anything in members, and whether the role of the aggregator
--              works, is not read; filters of an aggregator are told and not judged.
-- unknown:     No such aggregator was seen, and one may be there: an account that may have it, or a Region, was not read; or the spec
--              does not say who the owner is.
-- remediation: In the account that should have it run `aws configservice put-configuration-aggregator --configuration-aggregator-name organization --organization-aggregation-source RoleArn=ROLE_ARN,AllAwsRegions=true`, after `aws organizations register-delegated-administrator --account-id ACCOUNT_ID --service-principal config.amazonaws.com` in the management account.
-- source:      https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
services as materialized (
    select
        service_use.*,
        coalesce(owner_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(owner_read.read_error, 'aws_organizations_accounts was not read') as accounts_error,
        coalesce(owner_read.was_read, false) as were_accounts_read,
        coalesce(spec_read.was_read, false) as were_owners_read,
        coalesce(spec_read.unknown_cause, 'unread') as owners_cause,
        spec_read.read_error as owners_error
    from delegation.service_use
    left join delegation.table_reads as owner_read
        on owner_read.source_name = service_use.source_name
        and owner_read.table_name = 'aws_organizations_accounts'
    left join (
        select
            table_reads.source_name,
            bool_and(table_reads.was_read) as was_read,
            case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else min(table_reads.unknown_cause) end as unknown_cause,
            min(table_reads.read_error) as read_error
        from delegation.table_reads
        where table_reads.table_name in ('aws_delegation_owners', 'aws_delegation_expectations')
        group by table_reads.source_name
    ) as spec_read on spec_read.source_name = service_use.source_name
    where service_use.service_id = 'config'
),
expectations as materialized (
    select
        expected_owners.source_name,
        array_agg(expected_owners.owner order by expected_owners.owner collate "C") as owners,
        string_agg(expected_owners.owner, ' or ' order by expected_owners.owner collate "C") as owner_names
    from delegation.expected_owners
    where expected_owners.service_id = 'config'
    group by expected_owners.source_name
),
owner_matches as materialized (
    select owner_accounts.source_name, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from delegation.owner_accounts
    join expectations
        on expectations.source_name = owner_accounts.source_name
        and owner_accounts.owner = any (expectations.owners)
    group by owner_accounts.source_name, owner_accounts.account_id
),
known_owners as materialized (
    -- Only where all owners are known can an account be none of theirs.
    select
        expectations.source_name,
        bool_and(named.owner is not null) as are_all_named,
        array_agg(expectations_owner.owner order by expectations_owner.owner collate "C") filter (where named.owner is null) as unnamed
    from expectations
    cross join lateral unnest(expectations.owners) as expectations_owner (owner)
    left join (
        select distinct owner_accounts.source_name, owner_accounts.owner
        from delegation.owner_accounts
    ) as named
        on named.source_name = expectations.source_name
        and named.owner = expectations_owner.owner
    group by expectations.source_name
),
owned_services as materialized (
    select
        services.*,
        services.were_accounts_read and services.were_owners_read and coalesce(known_owners.are_all_named, false) as are_owners_known
    from services
    left join known_owners on known_owners.source_name = services.source_name
),
places as materialized (
    select
        delegate_places.source_name,
        delegate_places.region,
        delegate_places.admin_account_id,
        delegate_places.was_listed,
        delegate_places.list_cause,
        delegate_places.list_problem,
        delegate_reads.was_read,
        delegate_reads.unknown_cause,
        delegate_reads.read_error,
        case
            when delegate_places.admin_account_id is null then null
            when owner_matches.account_id is not null then owner_matches.is_match
            when services.are_owners_known then false
        end as is_expected
    from delegation.delegate_places
    join owned_services as services on services.source_name = delegate_places.source_name
    left join owner_matches
        on owner_matches.source_name = delegate_places.source_name
        and owner_matches.account_id = delegate_places.admin_account_id
    left join delegation.delegate_reads
        on delegate_reads.source_name = delegate_places.source_name
        and delegate_reads.service_id = delegate_places.service_id
        and delegate_reads.region = delegate_places.region
        and delegate_reads.admin_account_id = delegate_places.admin_account_id
    where delegate_places.service_id = 'config'
),
regions as materialized (
    select distinct places.source_name, places.region
    from places
    where places.region is not null
),
aggregators as materialized (
    select
        aggregator._cq_source_name as source_name,
        format('%s in %s', coalesce(aggregator.configuration_aggregator_name, aggregator.configuration_aggregator_arn), aggregator.region) as name,
        delegation.with_remark(
            delegation.account_label(aggregator.admin_account_id, accounts.account_name, accounts.ou_path),
            concat_ws(
                ', ',
                case when aggregator.admin_account_id = sources.management_account_id then 'the management account' end,
                case when accounts.account_state <> 'ACTIVE' then accounts.account_state end
            )
        ) as admin_label,
        case
            when owner_matches.account_id is not null then owner_matches.is_match
            when services.are_owners_known then false
        end as is_expected,
        coalesce(jsonb_typeof(aggregator.organization_aggregation_source), '') = 'object' as is_of_organization,
        case
            when coalesce(jsonb_typeof(aggregator.organization_aggregation_source), '') <> 'object' or missing.region_names is not null then false
            when aggregator.organization_aggregation_source ->> 'AllAwsRegions' = 'true' then true
            -- A Region that nobody has heard of may be missing.
            when exists (select from places where places.source_name = aggregator._cq_source_name and places.region is null) then null
            else true
        end as is_complete,
        missing.region_names as missing_regions,
        case when aggregator.aggregator_filters <> '{}' then format('; %s has filters: see that they leave out nothing that is needed', aggregator.configuration_aggregator_name) end as aside
    from delegation.current_aws_config_configuration_aggregators as aggregator
    join sources on sources.source_name = aggregator._cq_source_name
    join owned_services as services on services.source_name = aggregator._cq_source_name
    left join owner_matches
        on owner_matches.source_name = aggregator._cq_source_name
        and owner_matches.account_id = aggregator.admin_account_id
    left join delegation.accounts
        on accounts.source_name = aggregator._cq_source_name
        and accounts.account_id = aggregator.admin_account_id
    cross join lateral (
        select string_agg(regions.region, ', ' order by regions.region collate "C") as region_names
        from regions
        where regions.source_name = aggregator._cq_source_name
            and jsonb_typeof(aggregator.organization_aggregation_source) = 'object'
            and coalesce(aggregator.organization_aggregation_source ->> 'AllAwsRegions', '') <> 'true'
            and not coalesce(delegation.as_list(aggregator.organization_aggregation_source -> 'AwsRegions') ? regions.region, false)
    ) as missing
),
counted as (
    select
        aggregators.source_name,
        string_agg(format('%s of %s', aggregators.name, aggregators.admin_label), ' and ' order by aggregators.name collate "C") filter (where aggregators.is_complete and aggregators.is_expected) as good,
        string_agg(aggregators.aside, '' order by aggregators.name collate "C") filter (where aggregators.is_complete and aggregators.is_expected) as asides,
        string_agg(format('%s of %s', aggregators.name, aggregators.admin_label), ' and ' order by aggregators.name collate "C") filter (where aggregators.is_complete and aggregators.is_expected is null) as open,
        string_agg(
            format(
                '%s of %s %s',
                aggregators.name,
                aggregators.admin_label,
                concat_ws(
                    ' and ',
                    case when not aggregators.is_of_organization then 'aggregates single accounts, not the organization' end,
                    case when aggregators.is_of_organization and not aggregators.is_complete then 'lacks ' || aggregators.missing_regions end,
                    case when aggregators.is_expected is false then 'is in no account of ' || expectations.owner_names end
                )
            ),
            '; '
            order by aggregators.name collate "C", aggregators.admin_label collate "C"
        ) filter (where not aggregators.is_complete or aggregators.is_expected is false) as lacking
    from aggregators
    left join expectations on expectations.source_name = aggregators.source_name
    group by aggregators.source_name
),
gaps as (
    -- What an account that is not the owner's has does not matter.
    select
        places.source_name,
        case
            when bool_or(coalesce(places.unknown_cause, places.list_cause) = 'unread') then 'unread'
            when bool_or(coalesce(places.unknown_cause, places.list_cause) = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(
            min(coalesce(places.read_error, places.list_problem) collate "C"),
            case
                when count(distinct coalesce(places.read_error, places.list_problem)) > 1 then format(' (and %s more like it)', count(distinct coalesce(places.read_error, places.list_problem)) - 1)
            end
        ) as problem
    from places
    where not places.was_listed
        or (not places.was_read and places.is_expected is distinct from false)
    group by places.source_name
),
judged as (
    select
        services.*,
        counted.good,
        counted.asides,
        counted.open,
        counted.lacking,
        gaps.problem,
        gaps.unknown_cause as gap_cause,
        expectations.owner_names as expected_names,
        known_owners.unnamed,
        case
            when not exists (select from places where places.source_name = services.source_name) then 'not_applicable'
            when counted.good is not null then 'pass'
            when gaps.problem is not null or counted.open is not null then 'unknown'
            else 'fail'
        end as verdict
    from services
    left join counted on counted.source_name = services.source_name
    left join gaps on gaps.source_name = services.source_name
    left join expectations on expectations.source_name = services.source_name
    left join known_owners on known_owners.source_name = services.source_name
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    case when judged.source_name is null then sources.resource_id else 'config' end as resource_id,
    case when not sources.can_judge then sources.status else coalesce(judged.verdict, 'unknown') end as status,
    case
        when not sources.can_judge then sources.reason
        when judged.source_name is null then 'aws_delegation_services has no AWS Config; sync again'
        when judged.verdict = 'not_applicable' then format('%s is in no Region that is enabled for the account that asked', judged.service_name)
        when judged.verdict = 'pass' then concat(format('%s aggregates all Regions of %s for %s', judged.good, sources.organization_id, judged.expected_names), judged.asides)
        when judged.verdict = 'unknown' then format(
            'whether %s is aggregated by %s is not known: %s',
            sources.organization_id,
            coalesce(judged.expected_names, 'the expected account'),
            concat_ws(
                '; ',
                case
                    when judged.open is null then null
                    when not judged.were_owners_read then format('%s is complete, and who should have it is not known: %s', judged.open, judged.owners_error)
                    when not judged.were_accounts_read then format('%s is complete, and accounts are not known: %s', judged.open, judged.accounts_error)
                    when judged.expected_names is null then format('%s is complete, and nobody says who should have it; add `expectations: {config: [infosec]}` with the name of the owner that you want, and sync again', judged.open)
                    when judged.unnamed is not null
                        then format('%s is complete, and the spec does not name an account that is %s; add `owners: {%s: {accounts: [''111122223333'']}}` with your account, and sync again', judged.open, array_to_string(judged.unnamed, ' or '), judged.unnamed[1])
                    else format('%s is complete, and whether it belongs to %s is not known: its tags or its place were not read', judged.open, judged.expected_names)
                end,
                judged.problem,
                judged.lacking
            )
        )
        when judged.lacking is not null then format('no aggregator of %s is complete: %s; make one of the organization for all Regions in an account of %s', sources.organization_id, judged.lacking, coalesce(judged.expected_names, 'the security team'))
        else format('%s has no aggregator of AWS Config; make one of the organization for all Regions in an account of %s', sources.organization_id, coalesce(judged.expected_names, 'the security team'))
    end as reason,
    case
        when not sources.can_judge then sources.unknown_cause
        when judged.source_name is null then 'unread'
        when judged.verdict <> 'unknown' then null
        when judged.gap_cause = 'unread' then 'unread'
        when judged.open is null then judged.gap_cause
        when not judged.were_owners_read then judged.owners_cause
        when not judged.were_accounts_read then judged.accounts_cause
        when judged.expected_names is null or judged.unnamed is not null then 'not_configured'
        else 'unread'
    end as unknown_cause
from sources
left join judged on sources.can_judge and judged.source_name = sources.source_name
order by organization_id, resource_id;
