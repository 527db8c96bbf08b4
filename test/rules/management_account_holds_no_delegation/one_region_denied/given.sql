select fixture.organization();
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'us-east-1');
