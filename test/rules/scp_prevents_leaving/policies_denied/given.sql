select fixture.organization();
select fixture.account('222222222222', 'Shop');
delete from aws_organizations_policies;
delete from aws_organizations_policy_targets;
select fixture.read('aws_organizations_policies', 'denied');
select fixture.read('aws_organizations_policy_targets', 'denied');
