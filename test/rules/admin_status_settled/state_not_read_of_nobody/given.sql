select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Where nobody is named there is no state to be read.
select fixture.more_services();
select fixture.read('aws_inspector2_organization_admin_accounts', 'denied', region => 'eu-central-1', operation => 'inspector2:GetDelegatedAdminAccount');
