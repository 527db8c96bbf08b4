select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
delete from aws_organizations_accounts;
select fixture.read('aws_organizations_accounts', 'denied');
select fixture.trusted('config.amazonaws.com'), fixture.trusted('macie.amazonaws.com');
select fixture.delegated('222222222222', 'config.amazonaws.com');
