select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.read('aws_organizations_service_access', 'skipped');
select fixture.delegated('222222222222', 'config.amazonaws.com');
