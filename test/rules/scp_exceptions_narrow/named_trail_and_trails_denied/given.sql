select fixture.organization();
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "arn:aws:cloudtrail:eu-central-1:111111111111:trail/organization", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{/}');
select fixture.read('aws_cloudtrail_trails', 'denied', region => 'us-east-1');
