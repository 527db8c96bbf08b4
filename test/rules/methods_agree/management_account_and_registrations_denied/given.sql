select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Organizations could name it in no case: the missing read changes nothing there.
select fixture.guardduty('111111111111', '{us-east-1}');
select fixture.read('aws_organizations_delegated_services', 'denied');
