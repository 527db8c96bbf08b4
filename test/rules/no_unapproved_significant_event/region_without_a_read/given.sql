-- The one that is there is of an earlier sync.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.region('me-south-1');
select fixture.read('aws_cloudtrail_organization_events', 'ok', region => 'me-south-1');
update aws_delegation_reads set _cq_sync_time = fixture.time() - interval '1 day';
