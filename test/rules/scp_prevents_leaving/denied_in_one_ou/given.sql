select fixture.organization();
select fixture.ou('/Workloads');
select fixture.ou('/Workloads/Prod');
select fixture.ou('/Sandbox');
select fixture.account('222222222222', 'Shop', '/Workloads/Prod');
select fixture.account('333333333333', 'Ada', '/Sandbox');
select fixture.account('444444444444', 'Lone');
select fixture.scp('p-guard', '[{"Sid": "DenyLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/Workloads}');
select fixture.scp('p-own', '[{"Sid": "DenyLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{444444444444}');
