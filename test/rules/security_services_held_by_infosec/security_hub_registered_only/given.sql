select fixture.organization();
select fixture.both_security_hubs_asked();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('securityhub.amazonaws.com');

-- Security Hub takes no notice of a registration with Organizations: nobody administers it.
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
