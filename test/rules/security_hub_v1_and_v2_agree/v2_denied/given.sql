select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: a denied read gives no finding at all.
select fixture.both_security_hubs_asked();
select fixture.security_hub('222222222222');
select fixture.read('aws_securityhub_organization_admin_accounts', 'denied', 'SecurityHubV2', 'us-east-1');
