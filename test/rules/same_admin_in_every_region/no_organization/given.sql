select fixture.read('aws_organizations', 'absent', code => 'AWSOrganizationsNotInUseException');
