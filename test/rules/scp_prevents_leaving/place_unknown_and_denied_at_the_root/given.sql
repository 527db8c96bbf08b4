-- The root is above everybody.
select fixture.organization();
select fixture.account('222222222222', 'Nowhere');
select fixture.scp('p-guard', '[{"Sid": "DenyLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/}');
update aws_organizations_accounts set paths = null, parent_id = null, ou_path = null where id = '222222222222';
