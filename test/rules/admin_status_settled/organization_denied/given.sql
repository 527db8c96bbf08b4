select fixture.organization();
delete from aws_organizations;
select fixture.read('aws_organizations', 'denied');
