-- id:          delegations_approved
-- title:       Every delegation is approved, and every approval is of one that exists
-- severity:    high
-- frameworks:  cis_aws_7.0: 2.1.6; aws_sra: delegated_administration
-- reads:       aws_organizations, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_organization_resource_policies, aws_organization_resource_policy_statements, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services, aws_delegation_approvals, aws_delegation_settings
-- why:         A delegation that nobody decided on is power over the whole organization that nobody watches. An approval that is
--              left over lets somebody take that power again without being asked.
-- decides:     Each delegation, by each method and in each Region, is named by an approval of the spec, with all its service
--              principals and all principals of the delegation policy; and each approval names one that is there. Regions of one
--              holder, service and method are one row where the verdict is the same in all of them. An empty list of approvals
--              approves nothing. Of the delegation policy only grants of policy work count.
-- unknown:     The spec has no approvals; or a question was not answered that may hide a delegation (one row per service and
--              method), or the one that an approval is about.
-- remediation: Let the one who answers for it add the delegation to the approvals of the spec, or take it away; and take an approval away whose delegation is not to be.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
with sources as materialized (
    select
        asked.*,
        coalesce(settings.has_approvals, false) as has_approvals
    from delegation.asked_organizations(array['aws_delegation_approvals', 'aws_delegation_services', 'aws_delegation_settings']) as asked
    left join delegation.settings on settings.source_name = asked.source_name
),
pairs as materialized (
    select approvals.*
    from delegation.approvals
    join sources on sources.source_name = approvals.source_name
    where sources.can_judge and sources.has_approvals
),
open_questions as materialized (
    select open_questions.*
    from delegation.open_questions
    join sources on sources.source_name = open_questions.source_name
    where sources.can_judge and sources.has_approvals
),
-- What is there: each part that can be approved by itself, then the delegation, then its Regions together.
parts as (
    select
        pairs.source_name,
        pairs.service_id,
        pairs.service_name,
        pairs.method,
        pairs.region,
        pairs.delegated_account_id,
        coalesce(pairs.granted_principal, pairs.service_principal) as part,
        bool_or(pairs.has_approval) as is_approved,
        array_agg(distinct format('%s on %s', coalesce(pairs.approved_by, 'somebody'), coalesce(to_char(pairs.approved_on, 'YYYY-MM-DD'), 'an unknown day')) collate "C") filter (where pairs.has_approval) as signatures
    from pairs
    where pairs.has_delegation
    group by pairs.source_name, pairs.service_id, pairs.service_name, pairs.method, pairs.region, pairs.delegated_account_id, coalesce(pairs.granted_principal, pairs.service_principal)
),
held as (
    select
        parts.source_name,
        parts.service_id,
        parts.service_name,
        parts.method,
        parts.region,
        parts.delegated_account_id,
        bool_and(parts.is_approved) as is_approved,
        bool_or(parts.is_approved) as is_approved_in_part,
        string_agg(parts.part, ', ' order by parts.part collate "C") filter (where parts.part <> parts.delegated_account_id) as parts,
        string_agg(parts.part, ', ' order by parts.part collate "C") filter (where not parts.is_approved) as unapproved_parts
    from parts
    group by parts.source_name, parts.service_id, parts.service_name, parts.method, parts.region, parts.delegated_account_id
),
signed as (
    select
        parts.source_name,
        parts.service_id,
        parts.method,
        parts.region,
        parts.delegated_account_id,
        string_agg(distinct signature.text collate "C", ' and by ') as signatures
    from parts
    cross join lateral unnest(parts.signatures) as signature (text)
    group by parts.source_name, parts.service_id, parts.method, parts.region, parts.delegated_account_id
),
shaped as (
    select
        held.*,
        signed.signatures,
        bool_or(held.is_approved) over same_holder and bool_or(not held.is_approved) over same_holder as is_mixed
    from held
    left join signed
        on signed.source_name = held.source_name
        and signed.service_id = held.service_id
        and signed.method = held.method
        and signed.region is not distinct from held.region
        and signed.delegated_account_id = held.delegated_account_id
    window same_holder as (partition by held.source_name, held.service_id, held.method, held.delegated_account_id)
),
grouped as (
    select
        shaped.source_name,
        shaped.service_id,
        min(shaped.service_name) as service_name,
        shaped.method,
        shaped.delegated_account_id,
        case when shaped.is_mixed then shaped.region end as region,
        shaped.is_approved,
        bool_or(shaped.is_approved_in_part) as is_approved_in_part,
        string_agg(shaped.region, ', ' order by shaped.region collate "C") as regions,
        min(shaped.parts) as parts,
        min(shaped.unapproved_parts) as unapproved_parts,
        string_agg(distinct shaped.signatures collate "C", ' and by ') as signatures
    from shaped
    group by shaped.source_name, shaped.service_id, shaped.method, shaped.delegated_account_id, case when shaped.is_mixed then shaped.region end, shaped.is_approved
),
of_delegations as (
    select
        grouped.source_name,
        format('%s/%s/%s', grouped.service_id, grouped.delegated_account_id, grouped.method) as resource_id,
        case when grouped.delegated_account_id ~ '^[0-9]{12}$' then grouped.delegated_account_id end as account_id,
        grouped.region,
        case when grouped.is_approved then 'pass' else 'fail' end as status,
        case
            when grouped.is_approved then format('%s, approved by %s', named.delegation, grouped.signatures)
            else format(
                '%s, and nobody approved %s; add {service: %s, account: ''%s'', method: %s%s} to the approvals with `approved_by` and `approved_on`, or take the delegation away',
                named.delegation,
                case when grouped.is_approved_in_part then grouped.unapproved_parts else 'it' end,
                case when missing.part is not null and grouped.method = 'organizations' then missing.part else grouped.service_id end,
                case when missing.part is not null and grouped.method = 'resource_policy' then missing.part else grouped.delegated_account_id end,
                grouped.method,
                ', region: ' || grouped.region
            )
        end as reason,
        null::text as unknown_cause
    from grouped
    left join delegation.accounts
        on accounts.source_name = grouped.source_name
        and accounts.account_id = grouped.delegated_account_id
    cross join lateral (
        select format(
            '%s is held by %s %s%s%s',
            grouped.service_name,
            delegation.account_label(grouped.delegated_account_id, accounts.account_name, accounts.ou_path),
            case grouped.method when 'organizations' then 'through Organizations' when 'service' then 'by the service itself' else 'by the delegation policy' end,
            ' in ' || grouped.regions,
            ' (' || grouped.parts || ')'
        ) as delegation
    ) as named
    -- Where the rest is approved, the line to add is about that one alone.
    cross join lateral (
        select case when grouped.is_approved_in_part and grouped.unapproved_parts not like '%, %' then grouped.unapproved_parts end as part
    ) as missing
),
-- What is approved and not there, or not to be seen.
left_over as materialized (
    select distinct
        pairs.source_name,
        pairs.approved_service,
        pairs.approved_principal,
        pairs.approved_method,
        pairs.approved_region,
        coalesce(pairs.approved_by, 'somebody') as approved_by,
        coalesce(to_char(pairs.approved_on, 'YYYY-MM-DD'), 'an unknown day') as approved_on
    from pairs
    where not pairs.has_delegation
),
meant_services as materialized (
    select distinct left_over.source_name, left_over.approved_service, services.service_id, services.group_id, services.is_regional
    from left_over
    join delegation.services on services.source_name = left_over.source_name
    where left_over.approved_service = services.service_id
        or services.service_principals ? left_over.approved_service
),
hidden as (
    select
        left_over.source_name,
        left_over.approved_service,
        left_over.approved_principal,
        left_over.approved_method,
        left_over.approved_region,
        case
            when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
            when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(
            min(open_questions.read_error collate "C"),
            case when count(distinct open_questions.read_error) > 1 then format(' (and %s more like it)', count(distinct open_questions.read_error) - 1) end
        ) as read_error
    from left_over
    join open_questions on open_questions.source_name = left_over.source_name
    left join meant_services
        on meant_services.source_name = left_over.source_name
        and meant_services.approved_service = left_over.approved_service
    where coalesce(left_over.approved_method, open_questions.method) = open_questions.method
        -- Of a principal that the catalogue does not know only Organizations can tell.
        and case open_questions.method
            when 'organizations' then left_over.approved_region is null and coalesce(meant_services.group_id, open_questions.service_id) = open_questions.service_id
            when 'resource_policy' then left_over.approved_region is null and meant_services.service_id = open_questions.service_id
            else meant_services.service_id = open_questions.service_id
                and (
                    left_over.approved_region is null
                    or left_over.approved_region = open_questions.region
                    or (open_questions.region is null and meant_services.is_regional is distinct from false)
                )
        end
    group by left_over.source_name, left_over.approved_service, left_over.approved_principal, left_over.approved_method, left_over.approved_region
),
of_approvals as (
    select
        left_over.source_name,
        format('%s/%s/%s', left_over.approved_service, left_over.approved_principal, coalesce(left_over.approved_method, 'any')) as resource_id,
        case when left_over.approved_principal ~ '^[0-9]{12}$' then left_over.approved_principal end as account_id,
        left_over.approved_region as region,
        case when hidden.source_name is null then 'fail' else 'unknown' end as status,
        case
            when hidden.source_name is null then format('%s is approved, and not there: remove the approval or make the delegation', named.delegation)
            else format('%s is approved, and whether it is there is not known: %s', named.delegation, hidden.read_error)
        end as reason,
        hidden.unknown_cause
    from left_over
    left join hidden
        on hidden.source_name = left_over.source_name
        and hidden.approved_service = left_over.approved_service
        and hidden.approved_principal = left_over.approved_principal
        and hidden.approved_method is not distinct from left_over.approved_method
        and hidden.approved_region is not distinct from left_over.approved_region
    left join delegation.accounts
        on accounts.source_name = left_over.source_name
        and accounts.account_id = left_over.approved_principal
    cross join lateral (
        select format(
            'that %s holds %s%s (by %s on %s)',
            delegation.account_label(left_over.approved_principal, accounts.account_name, accounts.ou_path),
            left_over.approved_service,
            concat(
                case left_over.approved_method when 'organizations' then ' through Organizations' when 'service' then ' by the service itself' when 'resource_policy' then ' by the delegation policy' end,
                ' in ' || left_over.approved_region
            ),
            left_over.approved_by,
            left_over.approved_on
        ) as delegation
    ) as named
),
of_questions as (
    select
        open_questions.source_name,
        open_questions.service_id || '/' || open_questions.method as resource_id,
        null::text as account_id,
        null::text as region,
        'unknown' as status,
        format(
            'whether %s is delegated %s%s without an approval is not known: %s%s',
            coalesce(min(open_questions.service_name), 'any service'),
            case open_questions.method when 'organizations' then 'through Organizations' when 'service' then 'by the service itself' when 'resource_policy' then 'by the delegation policy' end,
            ' in ' || string_agg(open_questions.region, ', ' order by open_questions.region collate "C"),
            min(open_questions.read_error collate "C"),
            case when count(distinct open_questions.read_error) > 1 then format(' (and %s more like it)', count(distinct open_questions.read_error) - 1) end
        ) as reason,
        case
            when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
            when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from open_questions
    group by open_questions.source_name, open_questions.service_id, open_questions.method
),
without_approvals as (
    select
        sources.source_name,
        sources.resource_id,
        null::text as account_id,
        null::text as region,
        'unknown' as status,
        'the spec has no approvals; add `approvals: approvals.yml` to it, with who may hold what, and sync again' as reason,
        'not_configured' as unknown_cause
    from sources
    where sources.can_judge and not sources.has_approvals
),
judged as (
    select * from of_delegations
    union all
    select * from of_approvals
    union all
    select * from of_questions
    union all
    select * from without_approvals
)
select
    sources.organization_id,
    coalesce(judged.account_id, sources.account_id) as account_id,
    judged.region,
    coalesce(judged.resource_id, sources.resource_id) as resource_id,
    coalesce(judged.status, sources.status, 'not_applicable') as status,
    coalesce(judged.reason, sources.reason, format('nothing of %s is delegated, and no delegation is approved', sources.organization_id)) as reason,
    case coalesce(judged.status, sources.status) when 'unknown' then coalesce(judged.unknown_cause, sources.unknown_cause) end as unknown_cause
from sources
left join judged on judged.source_name = sources.source_name
order by organization_id, resource_id, region;
