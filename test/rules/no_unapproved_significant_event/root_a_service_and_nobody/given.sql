select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.principal_approval('controltower.amazonaws.com');
select fixture.event('88888888-aaaa', 'organizations:DisablePolicyType', '{"rootId": "r-root", "policyType": "SERVICE_CONTROL_POLICY"}', '{"user_identity": {"type": "Root", "principalId": "111111111111", "arn": "arn:aws:iam::111111111111:root", "accountId": "111111111111"}}');
select fixture.event('88888888-bbbb', 'organizations:DetachPolicy', '{"policyId": "p-1", "targetId": "r-root"}', '{"user_identity": {"type": "AWSService", "invokedBy": "controltower.amazonaws.com"}}');
select fixture.event('88888888-cccc', 'organizations:DetachPolicy', '{"policyId": "p-1", "targetId": "r-root"}', '{"user_identity": {"type": "AWSService", "invokedBy": "ram.amazonaws.com"}}');
select fixture.event('88888888-dddd', 'organizations:DetachPolicy', '{"policyId": "p-1", "targetId": "r-root"}', '{"user_identity": {"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"}, "error_code": "AccessDenied"}');
select fixture.event('88888888-eeee', 'organizations:DetachPolicy', null, '{"user_identity": null, "username": "controltower.amazonaws.com", "source_ip_address": null, "user_agent": null}');
