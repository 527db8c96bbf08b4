-- A resource control policy that says Deny is no SCP.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Sid": "DenyLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/}');
update aws_organizations_policies set type = 'RESOURCE_CONTROL_POLICY' where id = 'p-guard';
