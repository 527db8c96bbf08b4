select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.approval_until('guardduty', '222222222222', '2020-01-01');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com'), fixture.delegated('222222222222', 'malware-protection.guardduty.amazonaws.com');
select fixture.guardduty('222222222222');
