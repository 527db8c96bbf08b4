-- Known wrong answer: a denied read gives no finding at all.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.read('aws_organizations_delegated_services', 'denied');
select fixture.guardduty('222222222222');
select fixture.approval('guardduty', '222222222222', 'service'), fixture.approval('config', '222222222222');
-- Whoever is not in the catalogue is asked of Organizations alone.
select fixture.approval('newest.amazonaws.com', '222222222222');
-- What the service itself has answered is not there.
select fixture.approval('guardduty', '333333333333', 'service');
-- Organizations knows no Regions, so it cannot have this one.
select fixture.approval('config', '222222222222', 'organizations', 'us-east-1');
