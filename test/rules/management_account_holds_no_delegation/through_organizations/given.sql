-- AWS refuses it; if it is ever there, it counts. One principal that stands for two services is one row.
select fixture.organization();
select fixture.delegated('111111111111', 'backup.amazonaws.com'), fixture.delegated('111111111111', 'securityhub.amazonaws.com'), fixture.delegated('111111111111', 'new-service.amazonaws.com');
