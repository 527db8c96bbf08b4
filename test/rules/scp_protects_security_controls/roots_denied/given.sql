select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": ["guardduty:*"], "Resource": "*"}]', '{/}');
delete from aws_organizations_roots;
select fixture.read('aws_organizations_roots', 'denied');
