select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.read('aws_guardduty_organization_admin_accounts', 'skipped', region => '');
select fixture.trusted('guardduty.amazonaws.com');
