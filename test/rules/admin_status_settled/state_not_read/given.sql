select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- The list says ENABLED, and only the second call of Inspector could contradict it.
select fixture.more_services();
select fixture.administrator('aws_inspector2_organization_admin_accounts', '222222222222', '{eu-central-1, us-east-1}', '{"admin_status": "ENABLED"}');
select fixture.read('aws_inspector2_organization_admin_accounts', 'denied', '222222222222', 'eu-central-1', operation => 'inspector2:GetDelegatedAdminAccount');
