select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.security_hub('222222222222');
select fixture.configuration('securityhub', '222222222222', '{eu-central-1, us-east-1}', '{"auto_enable": false, "auto_enable_standards": "NONE", "organization_configuration": {"ConfigurationType": "CENTRAL", "Status": "ENABLED"}}');
