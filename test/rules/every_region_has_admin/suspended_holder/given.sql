select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: a suspended account still counts as holder.
select fixture.account('444444444444', 'Gone', '/Security', 'SUSPENDED');
select fixture.guardduty('222222222222', '{us-east-1}');
select fixture.guardduty('444444444444', '{eu-central-1}');
