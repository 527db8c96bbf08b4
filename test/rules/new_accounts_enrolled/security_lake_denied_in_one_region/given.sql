select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.delegated('222222222222', 'securitylake.amazonaws.com');
-- What us-east-1 says of eu-central-1 counts; of us-east-1 the Region that was denied may say it.
select fixture.configuration('securitylake', '222222222222', '{us-east-1}', '{"auto_enable_new_account": [{"region": "eu-central-1", "sources": [{"sourceName": "CLOUD_TRAIL_MGMT"}]}]}');
select fixture.read('aws_securitylake_organization_configurations', 'denied', '', 'eu-central-1');
