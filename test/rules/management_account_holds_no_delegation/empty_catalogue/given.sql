select fixture.organization();
delete from aws_delegation_services;
