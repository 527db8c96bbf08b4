select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');

select fixture.statement(0, 'Allow', 'arn:aws:iam::222222222222:root', 'organizations:*');
select fixture.statement(1, 'Allow', 'arn:aws:iam::333333333333:role/PolicyAdmin', 'Organizations:attach*');
select fixture.statement(2, 'Allow', '*', 'organizations:UpdatePolicy', '{"condition": {"StringEquals": {"aws:PrincipalOrgID": "o-example"}}}');
