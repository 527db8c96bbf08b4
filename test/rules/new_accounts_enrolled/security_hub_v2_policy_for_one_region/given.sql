select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.security_hub_v2('222222222222');
select fixture.policy_type('SECURITYHUB_POLICY');
select fixture.policy('p-hub', 'SECURITYHUB_POLICY', '{"securityhub": {"enable_in_regions": {"@@append": ["us-east-1", "eu-central-1"]}, "disable_in_regions": {"@@append": ["eu-central-1"]}}}');
