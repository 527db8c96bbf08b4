select fixture.organization();
select fixture.trusted('iam.amazonaws.com');
select fixture.root_feature('RootCredentialsManagement'), fixture.root_feature('RootSessions');
