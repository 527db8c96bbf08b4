-- It is in use whatever that Region says.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": ["guardduty:*"], "Resource": "*"}]', '{/}');
select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'us-east-1');
