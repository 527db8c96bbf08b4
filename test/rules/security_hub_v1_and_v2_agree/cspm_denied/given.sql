select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.both_security_hubs_asked();
select fixture.security_hub_v2('222222222222');
select fixture.read('aws_securityhub_organization_admin_accounts', 'denied', region => region_name) from aws_ec2_regions where opt_in_status <> 'not-opted-in';
