select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');

select fixture.statement(0, 'Allow', '333333333333', 'organizations:UpdatePolicy');
select fixture.statement(1, 'Deny', '333333333333', 'organizations:*');
