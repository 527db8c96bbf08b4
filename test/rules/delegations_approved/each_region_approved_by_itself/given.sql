select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.guardduty('222222222222');
select fixture.approval('guardduty', '222222222222', 'service', 'eu-central-1'), fixture.approval('guardduty', '222222222222', 'service', 'us-east-1');
update aws_delegation_approvals set approved_by = 'Grace' where region = 'us-east-1';
