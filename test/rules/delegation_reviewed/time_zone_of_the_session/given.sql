-- The day is that of UTC, wherever the one who looks is.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select set_config('timezone', 'Pacific/Kiritimati', false);
select fixture.approval_until('guardduty', '222222222222', (now() at time zone 'UTC')::date);
