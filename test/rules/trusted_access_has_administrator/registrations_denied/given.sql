select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.read('aws_organizations_delegated_services', 'denied');
select fixture.trusted('config.amazonaws.com'), fixture.trusted('guardduty.amazonaws.com'), fixture.trusted('new.amazonaws.com');
-- The service itself has said it.
select fixture.guardduty('222222222222');
