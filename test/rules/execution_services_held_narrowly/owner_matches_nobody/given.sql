select fixture.organization();
select fixture.execution_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.owner('infra_ops', 'account', '333333333333');
select fixture.expectation('stacksets', 'infra_ops'), fixture.expectation('systems-manager', 'infra_ops'), fixture.expectation('account-management', 'infra_ops'), fixture.expectation('systems-manager-quick-setup', 'infra_ops');
select fixture.trusted('sso.amazonaws.com'), fixture.trusted('iam.amazonaws.com'), fixture.trusted('member.org.stacksets.cloudformation.amazonaws.com'), fixture.trusted('ssm.amazonaws.com');
select fixture.owner('platform', 'ou', '/Platform');
delete from aws_delegation_expectations;
select fixture.expectation('stacksets', 'platform'), fixture.expectation('systems-manager', 'platform'), fixture.expectation('systems-manager', 'infra_ops');
-- An account that may be the platform's, and one that is certainly right.
select fixture.delegated('222222222222', 'ssm.amazonaws.com'), fixture.delegated('222222222222', 'stacksets.cloudformation.amazonaws.com');
select fixture.delegated('222222222222', 'sso.amazonaws.com'), fixture.delegated('222222222222', 'iam.amazonaws.com');
