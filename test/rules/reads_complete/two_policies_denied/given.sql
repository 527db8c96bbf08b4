select fixture.organization();
select fixture.read('aws_organizations_policies', 'denied', 'p-two', operation => 'organizations:DescribePolicy');
select fixture.read('aws_organizations_policies', 'denied', 'p-one', operation => 'organizations:DescribePolicy');
