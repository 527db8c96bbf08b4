select fixture.organization();
select fixture.ou('/Shops');
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{/Shops}');
select fixture.scp('p-own', '[{"Effect": "Deny", "Action": "macie2:*", "Resource": "*"}]', '{222222222222}');
