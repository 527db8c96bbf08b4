select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.guardduty('222222222222');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": ["guardduty:*"], "Resource": "*"}]', '{/}');
select fixture.read('aws_organizations_service_access', 'skipped');
