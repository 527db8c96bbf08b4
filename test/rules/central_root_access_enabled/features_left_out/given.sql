select fixture.organization();
select fixture.read('aws_iam_organizations_features', 'skipped');
