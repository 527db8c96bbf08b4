select fixture.organization();
select fixture.owner('infosec', 'account', '222222222222');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '333333333333', 'organizations:AttachPolicy organizations:DetachPolicy');
select fixture.statement(1, 'Allow', '222222222222', 'organizations:AttachPolicy organizations:DetachPolicy', '{"resources": ["arn:aws:organizations::111111111111:policy/o-example/service_control_policy/*", "arn:aws:organizations::111111111111:ou/o-example/ou-root-security"]}');
select fixture.statement(2, 'Allow', '444444444444', 'organizations:List*');
select fixture.statement(3, 'Allow', '555555555555', 'organizations:AttachPolicy organizations:DetachPolicy', '{"resources": ["arn:aws:organizations::111111111111:policy/o-example/service_control_policy/*", "arn:aws:organizations::111111111111:account/o-example/222222222222"]}');
select fixture.statement(4, 'Allow', 'cloudtrail.amazonaws.com', 'organizations:PutResourcePolicy', '{"principal_type": "Service"}');
select fixture.read('aws_organizations_accounts', 'denied');
