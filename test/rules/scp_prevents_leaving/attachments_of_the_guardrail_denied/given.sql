select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Sid": "DenyLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]');
select fixture.read('aws_organizations_policy_targets', 'denied', scope => 'p-guard');
