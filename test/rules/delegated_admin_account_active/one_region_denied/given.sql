select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'us-east-1');
select fixture.guardduty('222222222222', '{eu-central-1}');
