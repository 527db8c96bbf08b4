select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.delegated('222222222222', 'config.amazonaws.com'), fixture.delegated('222222222222', 'macie.amazonaws.com');
select fixture.trusted('macie.amazonaws.com');
-- Trusted access without a registration is judged by trusted_access_has_administrator.
select fixture.trusted('backup.amazonaws.com');
-- A registration by the service itself is not one with Organizations.
select fixture.guardduty('222222222222');
