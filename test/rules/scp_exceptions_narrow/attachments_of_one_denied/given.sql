select fixture.organization();
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{}');
select fixture.scp('p-good', '[{"Effect": "Deny", "Action": "macie2:*", "Resource": "*"}]', '{/}');
select fixture.read('aws_organizations_policy_targets', 'denied', 'p-guard');
