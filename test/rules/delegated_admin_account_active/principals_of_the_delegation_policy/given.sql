select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.statement(0, 'Allow', '*', 'organizations:AttachPolicy');
select fixture.statement(1, 'Allow', 'arn:aws:iam::222222222222:role/policies', 'organizations:AttachPolicy');
select fixture.statement(2, 'Allow', 'arn:aws:iam::999999999999:root', 'organizations:AttachPolicy');
select fixture.statement(3, 'Allow', 'billing.amazonaws.com', 'organizations:AttachPolicy');
-- Reading is no holding.
select fixture.statement(4, 'Allow', '888888888888', 'organizations:ListAccounts');
