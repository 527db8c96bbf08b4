select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Macie and others say "not enabled", and that is nobody.
select fixture.guardduty('222222222222', '{us-east-1}');
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'eu-central-1', code => 'AccessDeniedException', message => 'Macie is not enabled');
