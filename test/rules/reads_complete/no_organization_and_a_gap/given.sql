-- Reads are judged without an organization too.
select fixture.region('us-east-1');
select fixture.read('aws_organizations', 'absent', code => 'AWSOrganizationsNotInUseException');
select fixture.read('aws_iam_organizations_features', 'denied');
