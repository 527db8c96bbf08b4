-- Reads are judged without an organization too.
select fixture.read('aws_organizations', 'absent', code => 'AWSOrganizationsNotInUseException');
select fixture.read('aws_iam_organizations_features', 'denied');
