select fixture.region('us-east-1');
select fixture.read('aws_organizations', 'absent', code => 'AWSOrganizationsNotInUseException');
