-- StringNotEquals knows no wildcard: this names a role that nobody can have.
select fixture.organization();
select fixture.scp('p-guard', '[{"Sid": "S00", "Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}}, {"Sid": "S01", "Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/Admin*"}}}]', '{/}');
