select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'us-east-1');
select fixture.trusted('guardduty.amazonaws.com'), fixture.trusted('config.amazonaws.com');
