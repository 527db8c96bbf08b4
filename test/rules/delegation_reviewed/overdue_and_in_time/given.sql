select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.approval_until('guardduty', '222222222222', '2020-01-01');
select fixture.approval_until('detective', '222222222222', '2999-12-31', 'service', 'eu-central-1');
select fixture.approval_until('detective', '222222222222', '2020-01-01', 'service', 'us-east-1');
-- The same by another method is another approval.
select fixture.approval_until('guardduty', '222222222222', '2999-12-31', 'organizations');
select fixture.approval_until('organizations-delegation-policy', 'arn:aws:iam::333333333333:role/policies', '2020-01-01');
