select fixture.read('aws_organizations', 'denied');
