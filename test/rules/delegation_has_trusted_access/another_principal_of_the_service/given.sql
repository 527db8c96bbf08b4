select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.delegated('222222222222', 'config-multiaccountsetup.amazonaws.com'), fixture.delegated('222222222222', 'malware-protection.guardduty.amazonaws.com');
select fixture.trusted('config.amazonaws.com');
