select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
update aws_delegation_services set service_regions = '["us-east-1"]' where service_id in ('guardduty', 'security-lake');
select fixture.guardduty('222222222222', '{us-east-1}'), fixture.delegated('222222222222', 'securitylake.amazonaws.com');
select fixture.guardduty_enrolls('222222222222', 'ALL', '{us-east-1}');
select fixture.configuration('securitylake', '222222222222', '{us-east-1}', '{"auto_enable_new_account": [{"region": "us-east-1", "sources": [{"sourceName": "WAF"}]}]}');
select fixture.read(table_name, 'absent', region => 'eu-central-1', code => 'ServiceNotInRegion')
from unnest(array['aws_guardduty_organization_admin_accounts', 'aws_guardduty_organization_configurations', 'aws_securitylake_organization_configurations']) as table_name;
