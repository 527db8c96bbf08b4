-- The other service names its administrator; this one cannot, and Organizations lets that administrator hold both.
select fixture.organization();
select fixture.ou('/Infrastructure');
select fixture.account('222222222222', 'Operations', '/Infrastructure');
select fixture.account('333333333333', 'Security Tooling');
select fixture.owner('infosec', 'account', '333333333333');
select fixture.owner('infra_ops', 'account', '222222222222');
select fixture.service('audit-manager', 'AWS Audit Manager', 'fleet.amazonaws.com', 'organizations service', '{"is_security_service": false, "recommended_owners": ["infra_ops"], "is_regional": true, "admin_table_name": "aws_auditmanager_organization_admin_accounts", "list_admin_action": "auditmanager:GetOrganizationAdminAccount"}');
select fixture.service('detective', 'Amazon Detective', 'fleet.amazonaws.com', 'organizations', '{"recommended_owners": ["infosec"]}');
select fixture.trusted('fleet.amazonaws.com');
select fixture.delegated('222222222222', 'fleet.amazonaws.com');
select fixture.administrator('aws_auditmanager_organization_admin_accounts', '222222222222', '{eu-central-1, us-east-1}');
