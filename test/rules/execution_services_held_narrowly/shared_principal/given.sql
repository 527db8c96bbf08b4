-- A service that shares the principal names its own administrator; the registration of another account is for both.
select fixture.organization();
select fixture.execution_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.service('detective', 'Amazon Detective', 'sso.amazonaws.com', 'organizations service', '{"is_regional": false, "admin_table_name": "aws_detective_organization_admin_accounts", "list_admin_action": "detective:ListOrganizationAdminAccounts"}');
select fixture.delegated('222222222222', 'sso.amazonaws.com'), fixture.delegated('333333333333', 'sso.amazonaws.com');
select fixture.administrator('aws_detective_organization_admin_accounts', '333333333333', '{eu-central-1, us-east-1}');
