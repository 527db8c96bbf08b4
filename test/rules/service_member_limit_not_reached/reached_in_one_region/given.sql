select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.guardduty('222222222222');
select fixture.security_hub('222222222222');
select fixture.administrator('aws_macie2_organization_admin_accounts', '222222222222', '{eu-central-1, us-east-1}');
select fixture.administrator('aws_inspector2_organization_admin_accounts', '222222222222', '{eu-central-1, us-east-1}');
select fixture.guardduty_enrolls('222222222222', 'ALL', '{us-east-1}');
select fixture.configuration('guardduty', '222222222222', '{eu-central-1}', '{"auto_enable_organization_members": "ALL", "member_account_limit_reached": true}');
select fixture.configuration('securityhub', '222222222222', array[region], jsonb_build_object('member_account_limit_reached', region = 'us-east-1')),
    fixture.configuration('macie2', '222222222222', array[region], jsonb_build_object('max_account_limit_reached', region = 'us-east-1')),
    fixture.configuration('inspector2', '222222222222', array[region], jsonb_build_object('max_account_limit_reached', region = 'us-east-1'))
from unnest(array['eu-central-1', 'us-east-1']) as region;
