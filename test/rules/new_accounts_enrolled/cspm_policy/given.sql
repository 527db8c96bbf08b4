select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.security_hub('222222222222');
select fixture.configuration('securityhub', '222222222222', '{eu-central-1, us-east-1}', '{"auto_enable": false, "organization_configuration": {"ConfigurationType": "LOCAL", "Status": "ENABLED"}}');
select fixture.policy_type('SECURITYHUB_CSPM_POLICY');
select fixture.policy('p-cspm', 'SECURITYHUB_CSPM_POLICY', '{"securityhub_cspm": {"cspm_enablement": {"enable_in_regions": {"@@assign": ["us-east-1"]}, "disable_in_regions": {"@@assign": []}}}}');
