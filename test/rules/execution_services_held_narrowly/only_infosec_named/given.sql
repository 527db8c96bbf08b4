-- What the spec of a new user says: no fail, and the line to add.
select fixture.organization();
select fixture.execution_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.trusted('sso.amazonaws.com'), fixture.trusted('iam.amazonaws.com'), fixture.trusted('member.org.stacksets.cloudformation.amazonaws.com'), fixture.trusted('ssm.amazonaws.com');
select fixture.delegated('222222222222', 'sso.amazonaws.com'), fixture.delegated('222222222222', 'iam.amazonaws.com');
select fixture.delegated('333333333333', 'stacksets.cloudformation.amazonaws.com');
