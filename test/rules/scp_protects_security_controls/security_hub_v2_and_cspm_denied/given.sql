-- CSPM may have an administrator in the Region that was not read.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.both_security_hubs_asked();
select fixture.security_hub_v2('222222222222');
select fixture.read('aws_securityhub_organization_admin_accounts', 'denied', region => 'us-east-1');
