select fixture.organization();
select fixture.more_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('inspector2.amazonaws.com'), fixture.delegated('222222222222', 'inspector2.amazonaws.com');
select fixture.administrator('aws_inspector2_organization_admin_accounts', '222222222222', '{eu-central-1, us-east-1}', '{"admin_status": "ENABLED"}');

-- The list says ENABLED; only the other call knows whether the account ever came that far, and in one Region it was refused.
select fixture.read('aws_inspector2_organization_admin_accounts', 'denied', region => 'eu-central-1', operation => 'inspector2:GetDelegatedAdminAccount');
