select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');

-- Known wrong answer: "no administrator" passes a rule that asks for one.
select fixture.trusted('config.amazonaws.com');
