-- Known wrong answer: a denied read gives no finding at all.
select fixture.organization();
delete from aws_organizations_accounts;
select fixture.read('aws_organizations_accounts', 'denied');
select fixture.delegated('222222222222', 'config.amazonaws.com');
select fixture.guardduty('111111111111');
