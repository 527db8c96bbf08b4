select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');

-- Organizations names infosec, and Macie itself was not asked: no pass.
select fixture.trusted('macie.amazonaws.com');
select fixture.delegated('222222222222', 'macie.amazonaws.com');
