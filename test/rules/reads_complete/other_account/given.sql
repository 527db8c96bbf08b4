-- A delegate that lent its credentials: the gap is one of that account.
select fixture.organization();
select fixture.read('aws_organizations_handshakes', 'denied');
update aws_delegation_reads set account_id = '222222222222';
select fixture.read('aws_organizations_handshakes', 'ok');
