select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: one principal that stands for two services counts twice. CSPM names it, V2 is not used.
select fixture.both_security_hubs_asked();
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
select fixture.security_hub('222222222222');
