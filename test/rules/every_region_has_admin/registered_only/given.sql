select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: "no administrator" passes a rule that asks for one. A registration with Organizations is none in any Region.
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
