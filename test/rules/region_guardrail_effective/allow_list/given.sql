-- What a level allows, it allows in every Region.
select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.account('222222222222', 'Shop');
delete from aws_organizations_policy_targets where policy_id = 'p-FullAWSAccess' and target_id = '222222222222';
select fixture.scp('p-allow', '[{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]', '{222222222222}');
