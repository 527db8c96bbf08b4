select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.approval_until('guardduty', '222222222222', '2020-01-01');
update aws_delegation_approvals set approved_by = null, approved_on = null;
