-- Rows of an earlier sync stand beside those of the newest.
select fixture.synced_ago('3 hours 10 minutes');
select fixture.organization();
insert into aws_delegation_reads (_cq_sync_time, _cq_source_name, account_id, region, table_name, operation, scope, outcome)
values ('2020-01-01', 'prod', '111111111111', 'eu-north-1', 'aws_organizations', 'organizations:DescribeOrganization', '', 'ok');
