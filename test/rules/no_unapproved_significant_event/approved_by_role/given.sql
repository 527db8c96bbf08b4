select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.principal_approval('arn:aws:iam::*:role/Admin', 'organizations:*Policy');
select fixture.event('11111111-aaaa', 'organizations:AttachPolicy', '{"policyId": "p-FullAWSAccess", "targetId": "r-root"}');
