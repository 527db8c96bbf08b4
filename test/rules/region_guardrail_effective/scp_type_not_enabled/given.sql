select fixture.organization('ALL', null);
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Sid": "Regions", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1"]}}}]', '{/}');
