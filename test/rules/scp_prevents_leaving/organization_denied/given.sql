-- A member that may be the management account, which SCPs do not bind, must not pass.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Sid": "DenyLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/}');
delete from aws_organizations;
select fixture.read('aws_organizations', 'denied');
