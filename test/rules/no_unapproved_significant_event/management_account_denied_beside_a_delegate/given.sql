-- The read as a whole is ok, because the delegate answered.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Policies', '/Security');
select fixture.statement(0, 'Allow', 'arn:aws:iam::222222222222:root', 'organizations:AttachPolicy organizations:DetachPolicy');
select fixture.read('aws_cloudtrail_organization_events', 'ok', region => 'us-east-1', operation => 'organizations:DescribeResourcePolicy');
select fixture.read('aws_cloudtrail_organization_events', 'ok', region => 'us-east-1');
select fixture.read('aws_cloudtrail_organization_events', 'denied', '111111111111', 'us-east-1');
