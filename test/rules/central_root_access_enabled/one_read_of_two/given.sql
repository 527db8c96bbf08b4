-- The read failed after a row: the other feature may be on as well.
select fixture.organization();
select fixture.root_feature('RootSessions');
select fixture.read('aws_iam_organizations_features', 'failed');
