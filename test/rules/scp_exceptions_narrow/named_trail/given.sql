-- Whole for the trail of the organization.
select fixture.organization();
select fixture.trail('organization');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "cloudtrail:*", "Resource": "arn:aws:cloudtrail:eu-central-1:111111111111:trail/organization", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/A*"}}}]', '{/}');
