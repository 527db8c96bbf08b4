select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.administrator('aws_inspector2_organization_admin_accounts', '222222222222', '{eu-central-1, us-east-1}');
select fixture.no_access('aws_inspector2_organization_configurations');
select fixture.policy_type('INSPECTOR_POLICY');
select fixture.policy('p-scan', 'INSPECTOR_POLICY', '{"inspector": {"enablement": {
    "ec2_scanning": {"enable_in_regions": {"@@assign": ["us-east-1", "eu-central-1"]}, "disable_in_regions": {"@@assign": []}},
    "ecr_scanning": {"enable_in_regions": {"@@assign": ["ALL_SUPPORTED"]}, "disable_in_regions": {"@@assign": []}},
    "lambda_standard_scanning": {"enable_in_regions": {"@@append": ["ALL_SUPPORTED"], "@@operators_allowed_for_child_policies": ["@@none"]}, "disable_in_regions": {"@@append": []}}
}}}');
