-- A service that is newer than the catalogue may be a security service, and then somebody else would hold it.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling');
select fixture.account('333333333333', 'Shop');
select fixture.account('444444444444', 'Old Security', state => 'SUSPENDED');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.owner('infosec', 'account', '444444444444');
select fixture.delegated('333333333333', 'newguard.amazonaws.com');
select fixture.delegated('222222222222', 'newguard.amazonaws.com');
select fixture.delegated('222222222222', 'newwatch.amazonaws.com');
select fixture.delegated('444444444444', 'newhunt.amazonaws.com');
