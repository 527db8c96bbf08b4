-- Wherever p-harmless hangs, it neither denies it nor takes an Allow away.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-harmless', '[{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]');
select fixture.read('aws_organizations_policy_targets', 'denied', scope => 'p-harmless');
