select fixture.organization();
select fixture.scp('p-guard', '[{"Sid": "Guard", "Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/Admin", "arn:aws:iam::*:role/Admin-*"]}}}]', '{/}');
