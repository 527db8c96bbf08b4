-- A whole Deny that was read decides, whatever else was not.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Sid": "DenyLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/}');
select fixture.scp('p-secret', 'x', '{222222222222}');
update aws_organizations_policies set content = null, content_text = null where id = 'p-secret';
select fixture.read('aws_organizations_policies', 'denied', scope => 'p-secret', operation => 'organizations:DescribePolicy');
