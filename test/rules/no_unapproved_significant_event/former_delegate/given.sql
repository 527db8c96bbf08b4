-- It changed something while the delegation policy named it; now its history is not read.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Policies', '/Security');
select fixture.principal_approval('arn:aws:iam::222222222222:role/*');
select fixture.event('55555555-bbbb', 'organizations:DetachPolicy', '{"policyId": "p-1", "targetId": "r-root"}', jsonb_build_object('recipient_account_id', '222222222222', 'user_identity', fixture.session('Admin', 'ada', '222222222222')));
