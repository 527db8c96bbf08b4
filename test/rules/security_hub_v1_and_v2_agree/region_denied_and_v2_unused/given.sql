select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Whatever the Region says, there is nothing to differ from.
select fixture.both_security_hubs_asked();
select fixture.read('aws_securityhub_organization_admin_accounts', 'denied', region => 'eu-central-1');
