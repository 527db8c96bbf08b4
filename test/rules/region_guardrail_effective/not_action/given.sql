select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Sid": "Regions", "Effect": "Deny", "Resource": "*", "Condition": {"StringNotLike": {"aws:RequestedRegion": ["eu-central-1", "us-east-1"]}, "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}}, "NotAction": ["iam:*", "organizations:*", "sts:*"]}]', '{/}');
