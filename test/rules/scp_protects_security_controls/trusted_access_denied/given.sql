-- Known wrong answer: a denied read gives no finding at all. What is denied as a whole is fine, in use or not.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": ["guardduty:*"], "Resource": "*"}]', '{/}');
select fixture.read('aws_organizations_service_access', 'denied');
