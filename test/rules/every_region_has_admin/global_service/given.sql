select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Firewall Manager is asked once.
select fixture.more_services();
select fixture.administrator('aws_fms_organization_admin_accounts', '222222222222');
