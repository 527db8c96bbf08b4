-- An action has to be allowed at every level.
select fixture.organization();
select fixture.ou('/Workloads');
select fixture.ou('/Sandbox');
select fixture.account('222222222222', 'Shop', '/Workloads');
select fixture.account('333333333333', 'Ada', '/Sandbox');
select fixture.scp('p-few', '[{"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"}]', '{/Workloads, /Sandbox}');
delete from aws_organizations_policy_targets where policy_id = 'p-FullAWSAccess' and target_id = 'ou-root-workloads';
