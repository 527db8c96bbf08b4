-- id:          central_root_access_enabled
-- title:       Root access of members is managed centrally
-- severity:    high
-- frameworks:  cis_aws_7.0: 2.1.1; aws_sra: central_root_access
-- reads:       aws_organizations, aws_iam_organizations_features
-- why:         Each member has a root user whom its own policies do not bind. Managed centrally, members need no root credentials at
--              all, and what only root can do is done in a short session that is logged.
-- decides:     iam:ListOrganizationsFeatures names both RootCredentialsManagement and RootSessions. Where IAM has no trusted access
--              AWS says so instead, and then neither is on.
-- unknown:     iam:ListOrganizationsFeatures was not answered.
-- remediation: In the management account run `aws organizations enable-aws-service-access --service-principal iam.amazonaws.com`, then `aws iam enable-organizations-root-credentials-management` and `aws iam enable-organizations-root-sessions`.
-- source:      https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
with asked as (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_organizations'])
),
feature_reads as (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name = 'aws_iam_organizations_features'
),
access_reads as (
    select table_reads.source_name, table_reads.was_read
    from delegation.table_reads
    where table_reads.table_name = 'aws_organizations_service_access'
),
wanted (feature) as (
    values ('RootCredentialsManagement'), ('RootSessions')
),
features as (
    select
        asked.source_name,
        count(feature.feature) as on_count,
        string_agg(wanted.feature, ' and ' order by wanted.feature collate "C") filter (where feature.feature is null) as missing
    from asked
    cross join wanted
    left join delegation.current_aws_iam_organizations_features as feature
        on feature._cq_source_name = asked.source_name
        and feature.feature = wanted.feature
        -- Other accounts of the spec are asked for what is their own.
        and feature.account_id = asked.asking_account_id
    where asked.can_judge
    group by asked.source_name
),
trusted as (
    select distinct trusted_access.source_name
    from delegation.trusted_access
    where trusted_access.service_principal = 'iam.amazonaws.com'
),
judged as (
    select
        asked.*,
        features.missing,
        features.on_count,
        feature_reads.is_absent as is_feature_absent,
        coalesce(feature_reads.read_error, 'aws_iam_organizations_features was not read') as feature_error,
        coalesce(feature_reads.unknown_cause, 'unread') as feature_cause,
        case when trusted.source_name is null and access_reads.was_read then '; IAM has no trusted access, which comes first' end as access_told,
        case
            when not asked.can_judge then asked.status
            -- Both were seen: no missing read can take that back.
            when features.on_count = 2 then 'pass'
            when feature_reads.was_read then 'fail'
            else 'unknown'
        end as verdict
    from asked
    left join features on features.source_name = asked.source_name
    left join feature_reads on feature_reads.source_name = asked.source_name
    left join access_reads on access_reads.source_name = asked.source_name
    left join trusted on trusted.source_name = asked.source_name
)
select
    judged.organization_id,
    judged.account_id,
    null::text as region,
    case when judged.can_judge then 'iam-root-access' else judged.resource_id end as resource_id,
    judged.verdict as status,
    case
        when not judged.can_judge then judged.reason
        when judged.verdict = 'pass' then format('%s manages root credentials of members centrally (RootCredentialsManagement), and allows root sessions (RootSessions)', judged.organization_id)
        when judged.verdict = 'unknown' then format('whether %s manages root access centrally is not known: %s', judged.organization_id, judged.feature_error)
        when judged.on_count = 0 then concat(format('%s manages no root access of members centrally: neither RootCredentialsManagement nor RootSessions is on', judged.organization_id), judged.access_told, '; enable both')
        else format('%s is not on for %s; enable it', judged.missing, judged.organization_id)
    end as reason,
    case
        when not judged.can_judge then judged.unknown_cause
        when judged.verdict = 'unknown' then judged.feature_cause
    end as unknown_cause
from judged
order by organization_id, resource_id;
