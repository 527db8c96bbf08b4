select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
select fixture.guardduty('222222222222');

-- Known wrong answer: the Region list silently stops at three.
select fixture.region('r' || n) from generate_series(1, 20) as n;
select fixture.guardduty('222222222222', array(select 'r' || n from generate_series(1, 19) as n));
select fixture.guardduty('333333333333', '{r20}');
