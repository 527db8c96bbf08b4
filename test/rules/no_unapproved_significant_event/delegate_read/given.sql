select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Policies', '/Security');
select fixture.statement(0, 'Allow', 'arn:aws:iam::222222222222:root', 'organizations:AttachPolicy organizations:DetachPolicy');
select fixture.read('aws_cloudtrail_organization_events', 'ok', region => 'us-east-1', operation => 'organizations:DescribeResourcePolicy');
select fixture.event('55555555-aaaa', 'organizations:DetachPolicy', '{"policyId": "p-1", "targetId": "ou-root-shop"}', jsonb_build_object('recipient_account_id', '222222222222', 'user_identity', fixture.session('aws-reserved/sso.amazonaws.com/AWSReservedSSO_Policies_0123456789abcdef', 'ada@example.com', '222222222222')));
