-- Only looking, editing the policy itself, what a Deny takes away, and a Condition and a Resource that contradict each other.
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
update aws_organizations_roots set policy_types = '[{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}, {"Type": "BACKUP_POLICY", "Status": "ENABLED"}, {"Type": "TAG_POLICY", "Status": "PENDING_ENABLE"}]';
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '222222222222', 'organizations:ListPolicies organizations:TagResource organizations:PutResourcePolicy', '{"condition": {"StringEquals": {"organizations:PolicyType": ["CHATBOT_POLICY"]}}}');
select fixture.statement(1, 'Allow', '333333333333', 'organizations:UpdatePolicy', '{"condition": {"StringEquals": {"organizations:PolicyType": ["CHATBOT_POLICY"]}}}');
select fixture.statement(2, 'Deny', '*', 'organizations:UpdatePolicy');
select fixture.statement(3, 'Allow', '222222222222', 'organizations:AttachPolicy', '{"resources": ["arn:aws:organizations::111111111111:policy/o-example/tag_policy/*"], "condition": {"StringEquals": {"organizations:PolicyType": ["CHATBOT_POLICY"]}}}');
