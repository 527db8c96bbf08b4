-- Each spec has its own list.
select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Sid": "Regions", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1"]}}}]', '{/}');

set fixture.source = 'acquired';
set fixture.management = '999999999999';
select fixture.organization();
update aws_organizations set id = 'o-acquired' where _cq_source_name = 'acquired';
select fixture.settings('{"allowed_regions": ["eu-central-1"]}');
select fixture.account('888888888888', 'Bank');
select fixture.scp('p-guard', '[{"Sid": "Regions", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1"]}}}]', '{/}');
