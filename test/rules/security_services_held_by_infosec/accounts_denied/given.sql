select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
select fixture.guardduty('222222222222', '{us-east-1}');

-- What is known to be wrong stays wrong; who holds the rest cannot be said.
delete from aws_organizations_accounts;
select fixture.read('aws_organizations_accounts', 'denied');
