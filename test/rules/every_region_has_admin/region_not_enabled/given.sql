select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- ap-east-1 is off for the account that asked.
select fixture.guardduty('222222222222');
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'ap-east-1', code => 'RegionDisabled');
