-- Known wrong answer: a service that does not exist in a Region counts as missing there.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.region('mx-central-1');
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'mx-central-1', code => 'ServiceNotInRegion');
select fixture.guardduty('222222222222');
select fixture.approval('guardduty', '222222222222');
select fixture.approval('guardduty', '333333333333', 'service', 'mx-central-1');
