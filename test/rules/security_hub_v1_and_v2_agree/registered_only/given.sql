select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: one principal that stands for two services counts twice. Organizations does not say which of them it is.
select fixture.both_security_hubs_asked();
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
