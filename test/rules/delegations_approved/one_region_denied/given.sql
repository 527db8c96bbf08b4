select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'us-east-1');
select fixture.guardduty('222222222222', '{eu-central-1}');
select fixture.approval('guardduty', '222222222222', 'service', 'eu-central-1'), fixture.approval('guardduty', '222222222222', 'service', 'us-east-1');
-- That Region was read.
select fixture.approval('guardduty', '333333333333', 'service', 'eu-central-1');
select fixture.approval('guardduty', '333333333333');
