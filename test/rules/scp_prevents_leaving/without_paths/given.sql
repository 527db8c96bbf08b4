-- Older servers send no Paths: parents give the place.
select fixture.organization();
select fixture.ou('/Workloads');
select fixture.ou('/Workloads/Prod');
select fixture.account('222222222222', 'Shop', '/Workloads/Prod');
select fixture.account('333333333333', 'Nowhere', '/Workloads/Prod');
select fixture.scp('p-guard', '[{"Sid": "DenyLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/Workloads}');
update aws_organizations_accounts set paths = null;
update aws_organizations_accounts set parent_id = null, ou_path = null where id = '333333333333';
