select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.account('444444444444', 'Closing', '/Security', 'PENDING_CLOSURE');
select fixture.guardduty('444444444444');
