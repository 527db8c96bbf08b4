select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'us-east-1');
