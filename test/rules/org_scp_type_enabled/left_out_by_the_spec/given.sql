select fixture.read('aws_organizations', 'skipped');
