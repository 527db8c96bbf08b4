select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.both_security_hubs_asked();
select fixture.trusted('securityhub.amazonaws.com');
