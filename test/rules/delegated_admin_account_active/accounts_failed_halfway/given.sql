select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Second', '/', 'SUSPENDED');
select fixture.read('aws_organizations_accounts', 'failed');
select fixture.delegated(account_id, 'config.amazonaws.com') from unnest(array['222222222222', '333333333333', '444444444444']) as account_id;
