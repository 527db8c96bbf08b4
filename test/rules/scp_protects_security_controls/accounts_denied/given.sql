select fixture.organization();
select fixture.trusted('guardduty.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": ["guardduty:*"], "Resource": "*"}]', '{/}');
delete from aws_organizations_accounts;
select fixture.read('aws_organizations_accounts', 'denied');
