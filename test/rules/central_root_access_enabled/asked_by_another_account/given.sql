-- Another account of the spec does not speak for the organization.
select fixture.organization();
select fixture.root_feature('RootCredentialsManagement'), fixture.root_feature('RootSessions');
update aws_iam_organizations_features set account_id = '222222222222';
