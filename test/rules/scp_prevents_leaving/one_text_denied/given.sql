-- One DescribePolicy of a thousand denied touches only what that policy reaches.
select fixture.organization();
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Shop', '/Workloads');
select fixture.account('333333333333', 'Startup');
select fixture.scp('p-secret', 'x', '{/Workloads}');
update aws_organizations_policies set content = null, content_text = null where id = 'p-secret';
select fixture.read('aws_organizations_policies', 'denied', scope => 'p-secret', operation => 'organizations:DescribePolicy');
