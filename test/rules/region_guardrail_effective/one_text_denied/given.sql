select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.ou('/Shops');
select fixture.account('222222222222', 'Shop', '/Shops');
select fixture.account('333333333333', 'Lab');
select fixture.scp('p-secret', '[{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]', '{/Shops}');
update aws_organizations_policies set content = null, content_text = null where id = 'p-secret';
select fixture.read('aws_organizations_policies', 'denied', scope => 'p-secret', operation => 'organizations:DescribePolicy');
