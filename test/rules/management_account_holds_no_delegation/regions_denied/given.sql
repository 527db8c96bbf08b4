select fixture.organization();
delete from aws_ec2_regions;
select fixture.read('aws_ec2_regions', 'denied');
select fixture.read('aws_guardduty_organization_admin_accounts', 'ok', region => 'us-east-1');
