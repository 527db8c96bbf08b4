-- 50,000 accounts, 2,000 organizational units 5 deep, 500 SCPs: what test/rules/performance.ts times.
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
from generate_series(1, 49999) as n
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
from generate_series(1, 500) as n;

insert into aws_organizations_policy_targets (_cq_sync_time, _cq_source_name, account_id, policy_id, target_id, target_type)
select fixture.time(), 'prod', '111111111111', 'p-FullAWSAccess', id, 'ACCOUNT' from aws_organizations_accounts where id <> '111111111111'
union all
select fixture.time(), 'prod', '111111111111', 'p-FullAWSAccess', id, 'ORGANIZATIONAL_UNIT' from aws_organizations_organizational_units
union all
select fixture.time(), 'prod', '111111111111', 'p-' || (1 + (row_number() over (order by id) * 7 + m) % 500), id, 'ORGANIZATIONAL_UNIT'
from aws_organizations_organizational_units
cross join generate_series(1, 3) as m
union all
-- A condition on the account at the root is asked for every one of them.
select fixture.time(), 'prod', '111111111111', policy_id, 'r-root', 'ROOT' from unnest(array['p-10', 'p-15', 'p-25']) as policy_id
union all
select fixture.time(), 'prod', '111111111111', 'p-' || (1 + substring(id from 4)::bigint % 500), id, 'ACCOUNT' from aws_organizations_accounts where right(id, 1) = '3';

select fixture.owner('infosec', 'account', '200000000001'), fixture.owner('networking', 'ou', '/Unit 3'), fixture.owner('backup', 'name', 'Account 7');
select fixture.settings('{"allowed_regions": ["eu-central-1"]}');
select fixture.trusted('guardduty.amazonaws.com'), fixture.delegated('200000000001', 'guardduty.amazonaws.com');
select fixture.region('r' || n) from generate_series(1, 31) as n;
select fixture.guardduty('200000000001', array(select region_name from aws_ec2_regions where opt_in_status <> 'not-opted-in'));
