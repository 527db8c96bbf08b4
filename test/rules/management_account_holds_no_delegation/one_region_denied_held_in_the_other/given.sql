-- A found fault beats a missing read.
select fixture.organization();
select fixture.guardduty('111111111111', '{eu-central-1}');
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'us-east-1');
