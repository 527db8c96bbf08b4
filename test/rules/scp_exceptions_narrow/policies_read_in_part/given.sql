-- A found fault beats a missing read.
select fixture.organization();
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{/}');
select fixture.read('aws_organizations_policies', 'failed');
