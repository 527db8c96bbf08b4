-- An SCP can be attached only where the type is enabled.
select fixture.organization();
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{/}');
delete from aws_organizations_roots;
select fixture.read('aws_organizations_roots', 'denied');
