select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
-- Whatever the second call of Inspector would have said, a suspended account is no administrator.
select fixture.more_services();
select fixture.account('444444444444', 'Gone', '/Security', 'SUSPENDED');
select fixture.administrator('aws_inspector2_organization_admin_accounts', '222222222222', '{us-east-1}', '{"admin_status": "ENABLED"}');
select fixture.administrator('aws_inspector2_organization_admin_accounts', '444444444444', '{eu-central-1}', '{"admin_status": "ENABLED"}');
select fixture.read('aws_inspector2_organization_admin_accounts', 'denied', '444444444444', 'eu-central-1', operation => 'inspector2:GetDelegatedAdminAccount');
