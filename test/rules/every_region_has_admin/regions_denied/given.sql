select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.guardduty('222222222222');
delete from aws_ec2_regions;
select fixture.read('aws_ec2_regions', 'denied');
select fixture.read('aws_guardduty_organization_admin_accounts', 'ok', region => 'us-east-1');
select fixture.read('aws_guardduty_organization_admin_accounts', 'ok', region => 'eu-central-1');
