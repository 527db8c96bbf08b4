-- Known wrong answer: one principal that stands for two services counts twice.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.both_security_hubs_asked();
select fixture.trusted('securityhub.amazonaws.com');
select fixture.security_hub('222222222222');
