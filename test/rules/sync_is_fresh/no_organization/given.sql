select fixture.synced_ago('30 hours 10 minutes');
select fixture.settings();
select fixture.read('aws_organizations', 'absent', code => 'AWSOrganizationsNotInUseException');
