select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.read('aws_cloudtrail_organization_events', 'absent', region => 'us-east-1', operation => 'organizations:DescribeResourcePolicy', code => 'ResourcePolicyNotFoundException');
