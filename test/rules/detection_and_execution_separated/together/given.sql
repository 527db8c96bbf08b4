select fixture.organization();
select fixture.execution_services();
select fixture.both_security_hubs_asked();
select fixture.settings('{"separation_of_duties": true}');
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com'), fixture.delegated('222222222222', 'cloudtrail.amazonaws.com');
select fixture.guardduty('222222222222');
select fixture.delegated('333333333333', 'stacksets.cloudformation.amazonaws.com'), fixture.delegated('333333333333', 'ssm.amazonaws.com');
-- Each by another method: Security Hub CSPM by the service itself alone, and in one Region only.
select fixture.account('444444444444', 'Everything');
select fixture.security_hub('444444444444', '{eu-central-1}');
select fixture.delegated('444444444444', 'sso.amazonaws.com');
-- And the one after it must not hide the one before.
select fixture.delegated('555555555555', 'iam.amazonaws.com'), fixture.delegated('555555555555', 'config-multiaccountsetup.amazonaws.com');
select fixture.account('555555555555', 'Root access');
