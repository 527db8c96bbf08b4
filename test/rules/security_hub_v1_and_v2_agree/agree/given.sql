select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.both_security_hubs_asked();
select fixture.security_hub('222222222222');
select fixture.security_hub_v2('222222222222');
