select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- It is named all the same, so the two differ.
select fixture.account('444444444444', 'Gone', '/Security', 'SUSPENDED');
select fixture.guardduty('222222222222', '{us-east-1}');
select fixture.guardduty('444444444444', '{eu-central-1}');
