select fixture.organization();
insert into aws_cloudtrail_event_data_stores (_cq_sync_time, _cq_source_name, account_id, region, event_data_store_arn, organization_enabled, status)
values (fixture.time(), fixture.source(), fixture.management(), 'eu-central-1', 'arn:aws:cloudtrail:eu-central-1:111111111111:eventdatastore/1', true, 'ENABLED'), (fixture.time(), fixture.source(), fixture.management(), 'eu-central-1', 'arn:aws:cloudtrail:eu-central-1:111111111111:eventdatastore/2', false, 'ENABLED');
