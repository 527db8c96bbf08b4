-- Whether it has an administrator through Organizations is not known.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": ["config:*", "macie2:*", "securityhub:*"], "Resource": "*"}]', '{/}');
select fixture.read('aws_organizations_delegated_administrators', 'denied');
