select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.region('eu-west-1');
select fixture.guardduty('222222222222', '{us-east-1}');
select fixture.guardduty('333333333333', '{eu-west-1}');
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'eu-central-1');
