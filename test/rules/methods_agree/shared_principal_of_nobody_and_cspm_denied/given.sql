select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- V2 names nobody, and whether CSPM names whom Organizations names was not read.
select fixture.both_security_hubs_asked();
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
select fixture.read('aws_securityhub_organization_admin_accounts', 'denied', region => 'us-east-1');
select fixture.read('aws_securityhub_organization_admin_accounts', 'denied', region => 'eu-central-1');
