select fixture.organization();
select fixture.execution_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('sso.amazonaws.com'), fixture.trusted('iam.amazonaws.com'), fixture.trusted('member.org.stacksets.cloudformation.amazonaws.com'), fixture.trusted('ssm.amazonaws.com');
select fixture.read('aws_organizations_delegated_services', 'skipped');
