select fixture.organization();
select fixture.execution_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.owner('infosec', 'tag', 'team=security');
select fixture.trusted('sso.amazonaws.com');
select fixture.delegated('222222222222', 'sso.amazonaws.com');
