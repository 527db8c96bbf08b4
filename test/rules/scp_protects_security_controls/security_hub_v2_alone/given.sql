-- The other service of the principal names an administrator: CSPM is not in use.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.both_security_hubs_asked();
select fixture.trusted('securityhub.amazonaws.com'), fixture.security_hub_v2('222222222222');
