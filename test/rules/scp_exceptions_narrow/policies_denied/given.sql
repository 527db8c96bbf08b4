-- Known wrong answer: a denied read gives no finding at all.
select fixture.organization();
delete from aws_organizations_policies;
select fixture.read('aws_organizations_policies', 'denied');
