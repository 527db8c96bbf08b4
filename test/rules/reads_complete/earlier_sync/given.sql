-- What an earlier sync missed is of no interest.
select fixture.organization();
select fixture.finish();
insert into aws_delegation_reads (_cq_sync_time, _cq_source_name, account_id, region, table_name, operation, scope, outcome)
values ('2026-10-01', 'prod', '111111111111', 'eu-north-1', 'aws_organizations_handshakes', 'organizations:ListHandshakesForOrganization', '', 'denied');
