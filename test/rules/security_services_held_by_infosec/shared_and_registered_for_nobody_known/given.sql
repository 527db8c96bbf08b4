-- Neither service names the third account that Organizations names.
select fixture.organization();
select fixture.ou('/Infrastructure');
select fixture.account('222222222222', 'Operations', '/Infrastructure');
select fixture.account('333333333333', 'Security Tooling');
select fixture.owner('infosec', 'account', '333333333333');
select fixture.owner('infra_ops', 'account', '222222222222');
select fixture.service('audit-manager', 'AWS Audit Manager', 'fleet.amazonaws.com', 'organizations service', '{"is_security_service": false, "recommended_owners": ["infra_ops"], "is_regional": true, "admin_table_name": "aws_auditmanager_organization_admin_accounts", "list_admin_action": "auditmanager:GetOrganizationAdminAccount"}');
select fixture.service('detective', 'Amazon Detective', 'fleet.amazonaws.com', 'organizations service', '{"recommended_owners": ["infosec"], "is_regional": true, "admin_table_name": "aws_detective_organization_admin_accounts", "list_admin_action": "detective:ListOrganizationAdminAccounts"}');
select fixture.trusted('fleet.amazonaws.com');
select fixture.account('666666666666', 'Sandbox');
select fixture.delegated('222222222222', 'fleet.amazonaws.com'), fixture.delegated('333333333333', 'fleet.amazonaws.com'), fixture.delegated('666666666666', 'fleet.amazonaws.com');
select fixture.administrator('aws_auditmanager_organization_admin_accounts', '222222222222', '{eu-central-1, us-east-1}'), fixture.administrator('aws_detective_organization_admin_accounts', '333333333333', '{eu-central-1, us-east-1}');
