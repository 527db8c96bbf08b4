select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Sid": "Regions", "Effect": "Deny", "Action": ["s3:*", "*"], "Resource": "*", "Condition": {"StringNotEqualsIgnoreCaseIfExists": {"aws:RequestedRegion": ["EU-Central-1"]}}}]', '{/}');
