-- ServiceAccessNotEnabledException: nothing is managed centrally.
select fixture.organization();
select fixture.read('aws_iam_organizations_features', 'absent');
