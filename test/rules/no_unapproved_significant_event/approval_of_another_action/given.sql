select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.principal_approval('arn:aws:iam::111111111111:role/Admin', 'organizations:DetachPolicy');
select fixture.principal_approval('arn:aws:iam::111111111111:role/Admin', 'guardduty:*');
select fixture.principal_approval('arn:aws:iam::111111111111:role/Adm_n');
select fixture.event('11111111-aaaa', 'organizations:AttachPolicy', '{"policyId": "p-FullAWSAccess", "targetId": "r-root"}');
