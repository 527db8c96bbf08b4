select fixture.organization();
select fixture.both_security_hubs_asked();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('securityhub.amazonaws.com');

-- Trusted access and the registration speak of both; only CSPM names an administrator, so V2 is not in use.
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
select fixture.security_hub('222222222222');
