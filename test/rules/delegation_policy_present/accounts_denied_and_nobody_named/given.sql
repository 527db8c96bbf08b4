-- No account could change it.
select fixture.organization();
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '222222222222', 'organizations:List*');
select fixture.read('aws_organizations_accounts', 'denied');
