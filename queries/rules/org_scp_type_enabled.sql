-- id:          org_scp_type_enabled
-- title:       Service control policies are enabled at the root
-- severity:    high
-- frameworks:  cis_aws_7.0: 2.1.2; aws_sra: organization_policies
-- reads:       aws_organizations, aws_organizations_roots
-- why:         All features alone switch no policy on. Unless the root has this policy type enabled, no SCP denies anything, however
--              good it looks.
-- decides:     The PolicyTypes of the root in organizations:ListRoots have SERVICE_CONTROL_POLICY with Status ENABLED. PENDING_ENABLE
--              and PENDING_DISABLE fail, and are told.
-- unknown:     The organization or its root was not read.
-- remediation: In the management account run `aws organizations enable-policy-type --root-id ROOT --policy-type SERVICE_CONTROL_POLICY`, with the ID that `aws organizations list-roots` gives.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/enable-policy-type.html
with asked as (
    select asked_organizations.*, coalesce(organizations.feature_set = 'CONSOLIDATED_BILLING', false) as has_no_policies
    from delegation.asked_organizations(array['aws_organizations_roots'])
    left join delegation.organizations on organizations.source_name = asked_organizations.source_name
)
select
    asked.organization_id,
    asked.account_id,
    null::text as region,
    asked.resource_id,
    case
        when not asked.can_judge then asked.status
        when asked.service_control_policy_status is null and not asked.has_no_policies then 'unknown'
        when asked.service_control_policy_status = 'ENABLED' then 'pass'
        else 'fail'
    end as status,
    case
        when not asked.can_judge then asked.reason
        when asked.has_no_policies then format('%s has FeatureSet CONSOLIDATED_BILLING, which knows no SCPs; enable all features, then the policy type', asked.organization_id)
        when asked.service_control_policy_status is null then format('%s: organizations:ListRoots gave no root with a list of policy types; sync again', asked.organization_id)
        when asked.service_control_policy_status = 'ENABLED' then format('root %s of %s has SERVICE_CONTROL_POLICY enabled', asked.root_id, asked.organization_id)
        when asked.service_control_policy_status = 'PENDING_ENABLE'
            then format('root %s of %s is still enabling SERVICE_CONTROL_POLICY (PENDING_ENABLE): until that is done no SCP denies anything; sync again later', asked.root_id, asked.organization_id)
        when asked.service_control_policy_status = 'PENDING_DISABLE'
            then format('root %s of %s is disabling SERVICE_CONTROL_POLICY (PENDING_DISABLE): no SCP will deny anything; find out who asked for it, and enable the policy type again', asked.root_id, asked.organization_id)
        else format('root %s of %s has SERVICE_CONTROL_POLICY %s: no SCP denies anything; enable the policy type', asked.root_id, asked.organization_id, asked.service_control_policy_status)
    end as reason,
    case
        when not asked.can_judge then asked.unknown_cause
        when asked.service_control_policy_status is null and not asked.has_no_policies then 'unread'
    end as unknown_cause
from asked
order by organization_id, resource_id;
