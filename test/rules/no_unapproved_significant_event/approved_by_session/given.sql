select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.principal_approval('arn:aws:sts::111111111111:assumed-role/Admin/ada*', 'ORGANIZATIONS:attachpolicy');
select fixture.event('11111111-aaaa', 'organizations:AttachPolicy', '{"policyId": "p-FullAWSAccess", "targetId": "r-root"}');
select fixture.event('22222222-aaaa', 'organizations:AttachPolicy', '{"policyId": "p-FullAWSAccess", "targetId": "r-root"}', jsonb_build_object('user_identity', fixture.session('Admin', 'eve')));
