select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Its status is settled; whether the account can work is another question.
select fixture.account('444444444444', 'Gone', '/Security', 'SUSPENDED');
select fixture.guardduty('444444444444');
