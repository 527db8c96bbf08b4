-- ArnNotEquals knows wildcards as ArnNotLike does, with IfExists or without.
select fixture.organization();
select fixture.scp('p-guard', '[{"Sid": "S00", "Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{/}');
select fixture.scp('p-other', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"StringNotLikeIfExists": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{/}');
