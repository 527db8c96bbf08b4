select fixture.organization();
select fixture.delegated('222222222222', 'config.amazonaws.com'), fixture.delegated('333333333333', 'backup.amazonaws.com');
