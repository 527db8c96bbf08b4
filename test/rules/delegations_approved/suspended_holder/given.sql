-- Who is approved is approved; delegated_admin_account_active judges the account.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling', '/', 'SUSPENDED');
select fixture.delegated('222222222222', 'config.amazonaws.com');
select fixture.approval('config', '222222222222');
