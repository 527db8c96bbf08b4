select fixture.organization('ALL', null);
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{/}');
