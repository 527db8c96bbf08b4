select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.trusted('config.amazonaws.com'), fixture.trusted('macie.amazonaws.com'), fixture.trusted('guardduty.amazonaws.com'), fixture.trusted('malware-protection.guardduty.amazonaws.com');
select fixture.delegated('222222222222', 'config.amazonaws.com');
-- One Region is enough here.
select fixture.guardduty('222222222222', '{us-east-1}');
-- Without trusted access there is nothing to ask.
select fixture.delegated('222222222222', 'backup.amazonaws.com');
