select fixture.organization();
select fixture.both_security_hubs_asked();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('securityhub.amazonaws.com');

-- Whether V2 is in use cannot be said, and no word about CSPM depends on it.
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
select fixture.security_hub('222222222222');
select fixture.read('aws_securityhub_organization_admin_accounts', 'denied', 'SecurityHubV2', 'us-east-1');
