-- Whom these let in is for delegation_policy_no_wildcards.
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '*', 'organizations:CreatePolicy organizations:AttachPolicy', '{"condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}}');
select fixture.statement(1, 'Allow', '*', 'organizations:CreatePolicy organizations:AttachPolicy', '{"principal_type": "*"}');
select fixture.statement(2, 'Allow', '999999999999', 'organizations:CreatePolicy organizations:AttachPolicy', '{"is_not_principal": true}');
select fixture.statement(3, 'Allow', 'arn:aws:iam::*:root', 'organizations:CreatePolicy organizations:AttachPolicy');
