select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.scp('p-guard', '[{"Sid": "Regions", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1"]}}}]', '{/}');
select fixture.account('222222222222', 'Closing', '/', 'PENDING_CLOSURE'), fixture.account('333333333333', 'Suspended', '/', 'SUSPENDED'),
    fixture.account('444444444444', 'New', '/', 'SLEEPING');
