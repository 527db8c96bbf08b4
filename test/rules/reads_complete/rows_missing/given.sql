-- An interrupted sync had moved one Region of GuardDuty on.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling');
select fixture.guardduty('222222222222');
select fixture.finish();
update aws_guardduty_organization_admin_accounts set _cq_sync_time = '2026-11-02' where region = 'us-east-1';
