select fixture.organization();
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*"}]', '{/}');
select fixture.scp('p-secret', '[{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]', '{/}');
select fixture.scp('p-idle', '[{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]', '{}');
update aws_organizations_policies set content = null, content_text = null where id in ('p-secret', 'p-idle');
select fixture.read('aws_organizations_policies', 'denied', scope => 'p-secret', operation => 'organizations:DescribePolicy');
