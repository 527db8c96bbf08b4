-- id:          org_all_features_enabled
-- title:       The organization uses all features
-- severity:    critical
-- frameworks:  cis_aws_7.0: 2.1.2; aws_sra: organization_policies
-- reads:       aws_organizations, aws_organizations_handshakes
-- why:         With consolidated billing alone there are no policies, no trusted access and no delegated administrators: nothing
--              that this pack looks at can work.
-- decides:     The FeatureSet of organizations:DescribeOrganization is ALL. An account that is in no organization fails. A request
--              for all features that waits for somebody is told in the reason.
-- unknown:     organizations:DescribeOrganization was not answered.
-- remediation: In the management account run `aws organizations enable-all-features`, let each invited account accept, then finalize the request in the console; SCPs and delegation need it.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html
with pending as (
    select
        handshake._cq_source_name as source_name,
        string_agg(format('%s (%s, %s, expires %s)', handshake.id, handshake.action, handshake.state, coalesce(to_char(handshake.expiration_timestamp, 'YYYY-MM-DD'), 'at an unknown date')), ', ' order by handshake.id collate "C") as handshakes
    from delegation.current_aws_organizations_handshakes as handshake
    where handshake.action in ('ENABLE_ALL_FEATURES', 'APPROVE_ALL_FEATURES')
        and handshake.state in ('REQUESTED', 'OPEN')
    group by handshake._cq_source_name
)
select
    organizations.organization_id,
    coalesce(organizations.management_account_id, organizations.asking_account_id) as account_id,
    null::text as region,
    coalesce(organizations.organization_id, organizations.asking_account_id, 'organization') as resource_id,
    case
        when organizations.is_absent then 'fail'
        when not organizations.was_read or organizations.feature_set is null then 'unknown'
        when organizations.feature_set = 'ALL' then 'pass'
        else 'fail'
    end as status,
    case
        when organizations.is_absent then format('account %s is in no organization; create one with all features, or sync with the management account', coalesce(organizations.asking_account_id, '(unknown)'))
        when not organizations.was_read then format('the organization is not known: %s', organizations.read_error)
        when organizations.feature_set is null then format('%s has no FeatureSet in the answer of organizations:DescribeOrganization; sync again', organizations.organization_id)
        when organizations.feature_set = 'ALL' then format('%s (management account %s) uses all features', organizations.organization_id, organizations.management_account_id)
        else concat(
            format('%s (management account %s) has FeatureSet %s', organizations.organization_id, organizations.management_account_id, organizations.feature_set),
            case
                when pending.handshakes is not null then format(', and a request for all features is pending: %s; see that it is accepted and finalized', pending.handshakes)
                when coalesce(handshake_read.was_read, false) then ', and no request for all features is pending; enable all features'
                else '; whether a request for all features is pending was not read; enable all features'
            end
        )
    end as reason,
    case
        when organizations.is_absent then null
        when not organizations.was_read then organizations.unknown_cause
        when organizations.feature_set is null then 'unread'
    end as unknown_cause
from delegation.organizations
left join pending on pending.source_name = organizations.source_name
left join delegation.table_reads as handshake_read
    on handshake_read.source_name = organizations.source_name
    and handshake_read.table_name = 'aws_organizations_handshakes'
order by organization_id, resource_id;
