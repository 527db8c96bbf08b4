select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.statement(0, 'Allow', '*', 'organizations:AttachPolicy', '{"condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}}');
select fixture.statement(1, 'Allow', '*', 'organizations:ListAccounts');
