select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.delegated('222222222222', 'securitylake.amazonaws.com');
select fixture.configuration('securitylake', '222222222222', '{eu-central-1, us-east-1}', '{"auto_enable_new_account": [{"region": "eu-central-1", "sources": [{"sourceName": "WAF"}]}, {"region": "us-east-1", "sources": [{"sourceName": "WAF"}]}]}');
select fixture.read('aws_securitylake_organization_configurations', 'denied', '', 'us-east-1', 'organizations:ListDelegatedAdministrators');
select fixture.read('aws_organizations_delegated_services', 'denied', '333333333333');
