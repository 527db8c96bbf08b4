select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
update aws_organizations_roots set policy_types = '[{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}, {"Type": "BACKUP_POLICY", "Status": "ENABLED"}, {"Type": "TAG_POLICY", "Status": "PENDING_ENABLE"}]';
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '222222222222', 'organizations:CreatePolicy organizations:AttachPolicy', '{"condition": {"StringLike": {"organizations:PolicyType": ["BACKUP*", "DECLARATIVE_*", "TAG*"]}}}');
