-- Who may do policy work by the spec may still not loosen what binds it: that is infosec alone.
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.owner('platform', 'name', 'Shop');
select fixture.expectation('organizations-delegation-policy', 'platform');
select fixture.resource_policy();
select fixture.statement(0, 'Allow', '333333333333', 'organizations:AttachPolicy organizations:DetachPolicy');
