-- eu-* is Regions that AWS adds one day as well.
select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Sid": "Regions", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotLike": {"aws:RequestedRegion": ["eu-*"]}}}]', '{/}');
