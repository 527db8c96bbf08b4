select fixture.organization();
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"ArnNotLike": {"AWS:principalARN": "arn:aws:iam::*:role/A*"}}}]', '{/}');
