select fixture.organization();
select fixture.scp('p-guard', '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}}', '{/}');
