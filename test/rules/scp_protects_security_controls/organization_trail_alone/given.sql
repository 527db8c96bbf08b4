-- The trail of the organization is enough.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.service('cloudtrail', 'AWS CloudTrail', 'cloudtrail.amazonaws.com', 'organizations');
select fixture.trusted('cloudtrail.amazonaws.com');
select fixture.trail('organization');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "arn:aws:cloudtrail:eu-central-1:111111111111:trail/organization"}]', '{/}');
