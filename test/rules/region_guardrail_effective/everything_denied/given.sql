-- An account that may do nothing uses no Region.
select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "*", "Resource": "*"}]', '{222222222222}');
