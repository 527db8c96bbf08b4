-- The statements were read, and the same call for the events was not.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Policies', '/Security');
select fixture.statement(0, 'Allow', 'arn:aws:iam::222222222222:root', 'organizations:AttachPolicy organizations:DetachPolicy');
select fixture.read('aws_cloudtrail_organization_events', 'failed', region => 'us-east-1', operation => 'organizations:DescribeResourcePolicy');
