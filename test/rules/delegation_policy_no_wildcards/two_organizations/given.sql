-- The ID of the other organization keeps nobody out of this one.
set fixture.source = 'audit';
set fixture.management = '888888888888';
select fixture.organization();
update aws_organizations set id = 'o-other', arn = 'arn:aws:organizations::888888888888:organization/o-other' where _cq_source_name = 'audit';
select fixture.resource_policy('rp-other');
select fixture.statement(0, 'Allow', '*', 'organizations:CreatePolicy organizations:AttachPolicy', '{"condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}}');
reset fixture.source;
reset fixture.management;
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '*', 'organizations:CreatePolicy organizations:AttachPolicy', '{"condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}}');
