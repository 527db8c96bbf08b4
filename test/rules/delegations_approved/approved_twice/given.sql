select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
select fixture.approval('guardduty.amazonaws.com', '222222222222'), fixture.approval('guardduty', '222222222222');
update aws_delegation_approvals set approved_by = 'Grace' where service = 'guardduty';
