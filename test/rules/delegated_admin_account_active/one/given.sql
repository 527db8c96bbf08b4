select fixture.organization();
select fixture.account('222222222222', 'Security Tooling', '/', 'SUSPENDED');
select fixture.delegated('222222222222', 'config.amazonaws.com');
