select fixture.organization();
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '222222222222', 'organizations:CreatePolicy organizations:AttachPolicy');
select fixture.statement(1, 'Allow', '111111111111', 'organizations:CreatePolicy organizations:AttachPolicy');
select fixture.statement(2, 'Allow', 'cloudtrail.amazonaws.com', 'organizations:CreatePolicy organizations:AttachPolicy', '{"principal_type": "Service"}');
select fixture.read('aws_organizations_accounts', 'denied');
