select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- No Region has it, so that the registration stands alone.
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
