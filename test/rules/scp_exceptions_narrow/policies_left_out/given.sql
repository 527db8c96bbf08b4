select fixture.organization();
delete from aws_organizations_policies;
delete from aws_organizations_policy_targets;
select fixture.read('aws_organizations_policies', 'skipped');
select fixture.read('aws_organizations_policy_targets', 'skipped');
