select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.statement(0, 'Allow', 'arn:aws:iam::222222222222:role/policies', 'organizations:AttachPolicy');
select fixture.statement(1, 'Allow', 'arn:aws:iam::222222222222:role/others', 'organizations:AttachPolicy');
select fixture.statement(2, 'Allow', '*', 'organizations:CreatePolicy');
select fixture.statement(3, 'Allow', '333333333333', 'organizations:CreatePolicy');
-- Reading is no holding.
select fixture.statement(4, 'Allow', '444444444444', 'organizations:ListAccounts');
select fixture.approval('organizations-delegation-policy', 'arn:aws:iam::222222222222:role/policies');
select fixture.approval('organizations-delegation-policy', '333333333333'), fixture.approval('organizations-delegation-policy', '555555555555', 'resource_policy');
