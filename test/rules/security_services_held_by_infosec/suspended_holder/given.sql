-- Known wrong answer: a suspended account still counts as holder.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling', '/', 'SUSPENDED');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('config.amazonaws.com');
select fixture.delegated('222222222222', 'config.amazonaws.com');
