select fixture.organization();
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{/}');

set fixture.source = 'acquired';
set fixture.management = '999999999999';
select fixture.organization();
update aws_organizations set id = 'o-acquired' where _cq_source_name = 'acquired';
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*"}]', '{/}');
