select fixture.organization();
select fixture.region('r' || n) from generate_series(1, 30) as n;
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => region_name) from aws_ec2_regions where opt_in_status <> 'not-opted-in';
