-- Known wrong answer: a denied read gives no finding at all.
select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.read('aws_organizations_delegated_services', 'denied');
select fixture.guardduty('222222222222');
