select fixture.organization('CONSOLIDATED_BILLING', null);
insert into aws_organizations_handshakes (_cq_sync_time, _cq_source_name, account_id, id, action, state, expiration_timestamp)
values
    (fixture.time(), 'prod', '111111111111', 'h-all', 'ENABLE_ALL_FEATURES', 'OPEN', '2026-12-24'),
    (fixture.time(), 'prod', '111111111111', 'h-old', 'ENABLE_ALL_FEATURES', 'EXPIRED', '2026-01-24'),
    (fixture.time(), 'prod', '111111111111', 'h-invite', 'INVITE', 'OPEN', '2026-12-24');
