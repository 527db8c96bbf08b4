select fixture.organization();
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*"}]', '{}');
delete from aws_organizations_policy_targets;
select fixture.read('aws_organizations_policy_targets', 'denied');
