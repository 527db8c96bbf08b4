-- The same event of two syncs; the key of the table is not there in this mode.
alter table aws_cloudtrail_organization_events drop constraint aws_cloudtrail_organization_events_pkey;
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.event('11111111-aaaa', 'organizations:AttachPolicy', '{"policyId": "p-FullAWSAccess", "targetId": "r-root"}', jsonb_build_object('_cq_sync_time', fixture.time() - interval '1 day'));
select fixture.event('11111111-aaaa', 'organizations:AttachPolicy', '{"policyId": "p-FullAWSAccess", "targetId": "r-root"}');
