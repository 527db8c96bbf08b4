select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- Known wrong answer: a denied read gives no finding at all.
select fixture.guardduty('222222222222', '{us-east-1}');
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'eu-central-1');
