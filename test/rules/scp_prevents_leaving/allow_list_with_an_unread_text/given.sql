select fixture.organization();
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Shop', '/Workloads');
select fixture.scp('p-few', '[{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]', '{/Workloads}');
select fixture.scp('p-secret', 'x', '{/Workloads}');
update aws_organizations_policies set content = null, content_text = null where id = 'p-secret';
delete from aws_organizations_policy_targets where policy_id = 'p-FullAWSAccess' and target_id = 'ou-root-workloads';
