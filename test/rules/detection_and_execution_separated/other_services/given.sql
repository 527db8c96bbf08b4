-- Macie finds, and Account Management changes contacts: neither is of the two kinds.
select fixture.organization();
select fixture.execution_services();
select fixture.both_security_hubs_asked();
select fixture.settings('{"separation_of_duties": true}');
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Operations');
select fixture.delegated('222222222222', 'macie.amazonaws.com'), fixture.delegated('222222222222', 'account.amazonaws.com'), fixture.delegated('222222222222', 'sso.amazonaws.com');
