-- Known wrong answer: a suspended account still counts as holder: neither as the one, nor as one too many.
select fixture.organization();
select fixture.execution_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.owner('infra_ops', 'account', '333333333333');
select fixture.expectation('stacksets', 'infra_ops'), fixture.expectation('systems-manager', 'infra_ops'), fixture.expectation('account-management', 'infra_ops'), fixture.expectation('systems-manager-quick-setup', 'infra_ops');
select fixture.trusted('sso.amazonaws.com'), fixture.trusted('iam.amazonaws.com'), fixture.trusted('member.org.stacksets.cloudformation.amazonaws.com'), fixture.trusted('ssm.amazonaws.com');
select fixture.delegated('222222222222', 'sso.amazonaws.com'), fixture.delegated('222222222222', 'iam.amazonaws.com');
select fixture.delegated('333333333333', 'stacksets.cloudformation.amazonaws.com'), fixture.delegated('333333333333', 'ssm.amazonaws.com');
update aws_organizations_accounts set state = 'SUSPENDED' where id = '222222222222';
select fixture.account('444444444444', 'Closing', '/', 'PENDING_CLOSURE');
select fixture.account('666666666666', 'Frozen', '/', 'RESTRICTED');
select fixture.delegated('444444444444', 'stacksets.cloudformation.amazonaws.com');
-- A state of which nobody has heard may let it act.
select fixture.delegated('666666666666', 'ssm.amazonaws.com');
