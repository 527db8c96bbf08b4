select fixture.organization();
select fixture.read('aws_organizations_policies', 'denied', 'p-' || lpad(n::text, 5, '0'), operation => 'organizations:DescribePolicy') from generate_series(1, 10000) as n;
