-- What an earlier sync missed is of no interest.
select fixture.organization();
select fixture.read('aws_organizations_handshakes', 'denied');
update aws_delegation_reads set _cq_sync_time = '2026-10-01', region = 'eu-north-1';
