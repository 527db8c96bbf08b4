select fixture.organization();
select fixture.scp('p-guard', '[{"Effect": "Deny", "NotAction": ["s3:*"], "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{/}');
