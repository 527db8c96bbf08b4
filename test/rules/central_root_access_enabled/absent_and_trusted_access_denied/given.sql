-- What AWS says of the features needs no other read.
select fixture.organization();
select fixture.read('aws_iam_organizations_features', 'absent');
select fixture.read('aws_organizations_service_access', 'denied');
