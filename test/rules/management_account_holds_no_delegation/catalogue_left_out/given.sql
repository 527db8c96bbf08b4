select fixture.organization();
delete from aws_delegation_services;
select fixture.read('aws_delegation_services', 'skipped');
