select fixture.organization();
select fixture.region('eu-west-1');
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'us-east-1');
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'eu-west-1');
select fixture.read('aws_guardduty_organization_admin_accounts', 'failed', region => 'eu-central-1', message => 'slow down');
