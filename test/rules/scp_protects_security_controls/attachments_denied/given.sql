select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*"}]', '{}');
select fixture.read('aws_organizations_policy_targets', 'denied', 'p-guard');
