select fixture.organization();
select fixture.owner('infosec', 'account', '222222222222');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '222222222222', 'organizations:CreatePolicy organizations:AttachPolicy');
select fixture.statement(1, 'Allow', '*', 'organizations:CreatePolicy organizations:AttachPolicy');
select fixture.read('aws_organizations_accounts', 'denied');
