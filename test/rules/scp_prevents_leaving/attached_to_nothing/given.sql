-- Known wrong answer: an SCP that is attached to nothing passes.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Sid": "DenyLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]');
