select fixture.organization();
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '222222222222', 'organizations:CreatePolicy organizations:AttachPolicy');
select fixture.read('aws_organizations_accounts', 'denied');
