select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.more_services();
select fixture.administrator('aws_fms_organization_admin_accounts', '222222222222', '{us-east-1}', '{"admin_status": "ONBOARDING_COMPLETE", "default_admin": true}');
select fixture.read('aws_fms_organization_admin_accounts', 'denied', operation => 'fms:GetAdminAccount');
