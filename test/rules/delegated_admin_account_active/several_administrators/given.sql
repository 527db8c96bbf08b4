-- Known wrong answer: with several administrators only the last is judged.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling', '/', 'SUSPENDED');
select fixture.account('333333333333', 'Second');
select fixture.delegated('222222222222', 'config.amazonaws.com'), fixture.delegated('333333333333', 'config.amazonaws.com');
