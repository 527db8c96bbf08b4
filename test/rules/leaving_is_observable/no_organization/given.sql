-- AWSOrganizationsNotInUseException
select fixture.read('aws_organizations', 'absent');
