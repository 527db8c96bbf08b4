-- The service acts for the role: who approved the service has not approved everybody who uses it.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.principal_approval('cloudformation.amazonaws.com');
select fixture.event('11111111-aaaa', 'organizations:AttachPolicy', '{"policyId": "p-FullAWSAccess", "targetId": "r-root"}', jsonb_build_object('user_identity', fixture.session('Admin', 'ada') || '{"invokedBy": "cloudformation.amazonaws.com"}'));
