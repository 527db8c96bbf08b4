-- A list of services that may be used, and those in every Region.
select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Effect": "Deny", "NotAction": ["ec2:*", "s3:*"], "Resource": "*"}]', '{/}');
