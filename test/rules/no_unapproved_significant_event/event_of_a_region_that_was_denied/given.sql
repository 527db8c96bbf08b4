-- The event comes from an earlier sync: a fault that was found beats a missing read.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.event('11111111-aaaa', 'organizations:AttachPolicy', '{"policyId": "p-FullAWSAccess", "targetId": "r-root"}', jsonb_build_object('_cq_sync_time', fixture.time() - interval '1 day'));
select fixture.read('aws_cloudtrail_organization_events', 'denied', region => 'us-east-1');
