select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.more_services();
select fixture.administrator('aws_inspector2_organization_admin_accounts', '222222222222', '{eu-central-1}', '{"admin_status": "ENABLED", "relationship_status": "ENABLED"}');
select fixture.administrator('aws_inspector2_organization_admin_accounts', '222222222222', '{us-east-1}', '{"admin_status": "ENABLED", "relationship_status": "ACCOUNT_SUSPENDED"}');
