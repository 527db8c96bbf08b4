-- What that account holds is not known, and it could be any of these; two holders stay two, and a stranger a stranger.
select fixture.organization();
select fixture.execution_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.owner('infra_ops', 'account', '333333333333');
select fixture.expectation('stacksets', 'infra_ops'), fixture.expectation('systems-manager', 'infra_ops'), fixture.expectation('account-management', 'infra_ops'), fixture.expectation('systems-manager-quick-setup', 'infra_ops');
select fixture.trusted('sso.amazonaws.com'), fixture.trusted('iam.amazonaws.com'), fixture.trusted('member.org.stacksets.cloudformation.amazonaws.com'), fixture.trusted('ssm.amazonaws.com');
select fixture.delegated('222222222222', 'sso.amazonaws.com'), fixture.delegated('333333333333', 'iam.amazonaws.com');
select fixture.delegated('333333333333', 'stacksets.cloudformation.amazonaws.com'), fixture.delegated('333333333333', 'ssm.amazonaws.com');
select fixture.delegated('333333333333', 'sso.amazonaws.com');
select fixture.read('aws_organizations_delegated_services', 'denied', scope => '444444444444');
