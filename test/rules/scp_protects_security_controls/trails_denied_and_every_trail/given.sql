select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.service('cloudtrail', 'AWS CloudTrail', 'cloudtrail.amazonaws.com', 'organizations');
select fixture.trusted('cloudtrail.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "*"}]', '{/}');
select fixture.read('aws_cloudtrail_trails', 'denied', region => 'us-east-1');
