-- What was not read could not take the Deny away.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": ["guardduty:*"], "Resource": "*"}]', '{/}');
select fixture.scp('p-secret', '[{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]', '{222222222222}');
update aws_organizations_policies set content = null, content_text = null where id = 'p-secret';
select fixture.read('aws_organizations_policies', 'denied', scope => 'p-secret', operation => 'organizations:DescribePolicy');
