select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: the Region list silently stops at three.
select fixture.region('r' || n) from generate_series(1, 5) as n;
select fixture.guardduty('222222222222', array(select region_name from aws_ec2_regions where opt_in_status <> 'not-opted-in' and region_name <> 'r5'));
