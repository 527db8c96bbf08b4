-- As many accounts as fixture.account_count says, 2,000 organizational units 5 deep, 1,000 SCPs, 33 Regions, every service in use: what
-- `npm run bench -- rules` times.
select fixture.organization();

insert into aws_organizations_organizational_units (_cq_sync_time, _cq_source_name, request_account_id, arn, id, name, parent_id, path, ou_path)
with recursive units as (
    select n, 1 as depth, 'ou-' || n as id, 'r-root' as parent_id, 'r-root/ou-' || n as id_path, '/Unit ' || n as ou_path
    from generate_series(1, 5) as n
    union all
    select units.n * 5 + m, units.depth + 1, 'ou-' || (units.n * 5 + m), units.id, units.id_path || '/ou-' || (units.n * 5 + m), units.ou_path || '/Unit ' || (units.n * 5 + m)
    from units
    cross join generate_series(1, 5) as m
    where units.n * 5 + m <= 2000 and units.depth < 5
)
select fixture.time(), 'prod', '111111111111', 'arn:' || id, id, 'Unit ' || n, parent_id, 'o-example/' || id_path || '/', ou_path
from units
where n <= 2000;

insert into aws_organizations_accounts (_cq_sync_time, _cq_source_name, request_account_id, arn, id, name, email, state, status, paths, parent_id, ou_path)
select
    fixture.time(), 'prod', '111111111111', format('arn:aws:organizations::111111111111:account/o-example/%s', 200000000000 + n), (200000000000 + n)::text,
    'Account ' || n, 'account@example.com', 'ACTIVE', 'ACTIVE', jsonb_build_array(unit.path || (200000000000 + n) || '/'), unit.id, unit.ou_path
from generate_series(1, current_setting('fixture.account_count')::integer - 1) as n
join (
    select row_number() over (order by id) as position, count(*) over () as total, id, path, ou_path
    from aws_organizations_organizational_units
) as unit on unit.position = n % unit.total + 1;

-- Every fifth denies leaving and every fifth else a control or two, with what real ones have: exemptions, conditions on the account, on the Region.
select fixture.scp(
    'p-' || n,
    format(
        '[{"Sid": "One", "Effect": "Deny", "Action": ["s3:Delete*", "ec2:*"], "Resource": "*"},
          {"Sid": "Two", "Effect": "Deny", "Action": %s, "Resource": "*", "Condition": %s}]',
        case n % 5
            when 0 then '"organizations:LeaveOrganization"'
            when 1 then '["guardduty:*", "securityhub:Disable*", "macie2:DisableMacie", "inspector2:Disable"]'
            when 2 then '["cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "config:*", "securitylake:*"]'
            when 3 then '["access-analyzer:*", "detective:*", "auditmanager:*"]'
            else '"iam:CreateUser"'
        end,
        case n % 3
            when 0 then '{"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/Admin", "arn:aws:iam::200000000007:role/*"]}}'
            when 1 then '{"StringNotEquals": {"aws:PrincipalAccount": ["200000000001", "200000000002"]}}'
            else '{"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1"]}}'
        end
    )
)
from generate_series(1, 1000) as n;

-- What organizations of this size have at the root; Detective was forgotten.
select fixture.scp(
    'p-baseline',
    '[{"Sid": "Baseline", "Effect": "Deny", "Action": ["organizations:LeaveOrganization", "cloudtrail:*", "config:Stop*", "config:Delete*", "guardduty:*", "securityhub:*", "macie2:*", "access-analyzer:*",
        "inspector2:*", "auditmanager:*", "securitylake:*"], "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/SecurityAdmin"}}}]',
    '{/}'
);

insert into aws_organizations_policy_targets (_cq_sync_time, _cq_source_name, account_id, policy_id, target_id, target_type)
select fixture.time(), 'prod', '111111111111', 'p-FullAWSAccess', id, 'ACCOUNT' from aws_organizations_accounts where id <> '111111111111'
union all
select fixture.time(), 'prod', '111111111111', 'p-FullAWSAccess', id, 'ORGANIZATIONAL_UNIT' from aws_organizations_organizational_units
union all
select fixture.time(), 'prod', '111111111111', 'p-' || (1 + (row_number() over (order by id) * 7 + m) % 1000), id, 'ORGANIZATIONAL_UNIT'
from aws_organizations_organizational_units
cross join generate_series(1, 3) as m
union all
-- A condition on the account at the root is asked for every one of them.
select fixture.time(), 'prod', '111111111111', policy_id, 'r-root', 'ROOT' from unnest(array['p-10', 'p-15', 'p-25']) as policy_id
union all
select fixture.time(), 'prod', '111111111111', 'p-' || (1 + substring(id from 4)::bigint % 1000), id, 'ACCOUNT' from aws_organizations_accounts where right(id, 1) = '3';

-- Everything is in use, mostly in the right hands.
select fixture.owner('infosec', 'account', '200000000001'), fixture.owner('networking', 'ou', '/Unit 3'), fixture.owner('backup', 'name', 'Account 7'), fixture.owner('infra_ops', 'ou', '/Unit 2');
select fixture.settings('{"workload_ous": ["/Unit 4", "/Unit 5"], "allowed_regions": ["eu-central-1", "us-east-1"], "separation_of_duties": true, "has_approvals": true, "max_age_hours": 8760}');
delete from aws_delegation_services;
{catalogue};
select fixture.region('r' || n) from generate_series(1, 31) as n;
select fixture.trusted(used.principal), fixture.delegated(case used.n % 5 when 0 then '200000000007' else '200000000001' end, used.principal)
from (
    select principal.value as principal, row_number() over (order by principal.value) as n
    from aws_delegation_services
    cross join lateral jsonb_array_elements_text(service_principals) as principal (value)
    group by principal.value
) as used;
select fixture.guardduty('200000000001', array(select region_name from aws_ec2_regions where opt_in_status <> 'not-opted-in'));
select fixture.security_hub('200000000001', array(select region_name from aws_ec2_regions where opt_in_status <> 'not-opted-in')), fixture.security_hub_v2('200000000001');
select fixture.administrator(name, '200000000001', array(select region_name from aws_ec2_regions where opt_in_status <> 'not-opted-in'))
from unnest(array['aws_macie2_organization_admin_accounts', 'aws_detective_organization_admin_accounts', 'aws_inspector2_organization_admin_accounts', 'aws_auditmanager_organization_admin_accounts']) as name;
select fixture.statement(n, 'Allow', (200000000000 + n)::text, 'organizations:AttachPolicy organizations:List*') from generate_series(0, 60) as n;
select fixture.approval(service_id, '200000000001') from aws_delegation_services;
select fixture.waiver('scp_*', timestamp '2999-01-01', '2000000' || n || '*') from generate_series(10, 20) as n;
