-- The day itself is in time, and the day after is not.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.approval_until('guardduty', '222222222222', (now() at time zone 'UTC')::date);
select fixture.approval_until('macie', '222222222222', (now() at time zone 'UTC')::date - 1);
