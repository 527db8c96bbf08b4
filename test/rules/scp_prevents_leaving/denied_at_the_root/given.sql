select fixture.organization();
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Shop', '/Workloads');
select fixture.account('333333333333', 'Startup');
select fixture.scp('p-guard', '[{"Sid": "DenyLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/}');
