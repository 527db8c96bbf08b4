select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');

-- Known wrong answer: one principal that stands for two services counts twice.
select fixture.trusted('securityhub.amazonaws.com');
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
