select fixture.organization();
select fixture.both_security_hubs_asked();
select fixture.read('aws_securityhub_organization_admin_accounts', 'denied', 'SecurityHubV2', 'us-east-1');
