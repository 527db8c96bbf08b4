-- Known wrong answer: a service that does not exist in a Region counts as missing there.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.region('mx-central-1');
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'mx-central-1', code => 'ServiceNotInRegion');
select fixture.trusted('guardduty.amazonaws.com');
