select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- The names agree; whether the account can work is the question of delegated_admin_account_active.
select fixture.account('444444444444', 'Gone', '/Security', 'SUSPENDED');
select fixture.delegated('444444444444', 'guardduty.amazonaws.com');
select fixture.guardduty('444444444444');
