select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Whom V2 names is not known, and no word about CSPM depends on it.
select fixture.both_security_hubs_asked();
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
select fixture.security_hub('222222222222');
select fixture.read('aws_securityhub_organization_admin_accounts', 'denied', 'SecurityHubV2', 'us-east-1');
