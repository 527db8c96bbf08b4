-- Known wrong answer: an SCP that is attached to nothing passes. It is not judged at all.
select fixture.organization();
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{}');
select fixture.scp('p-good', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*"}]', '{}');
