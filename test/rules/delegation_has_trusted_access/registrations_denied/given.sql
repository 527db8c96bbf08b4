-- Known wrong answer: a denied read gives no finding at all.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.read('aws_organizations_delegated_services', 'denied');
