select fixture.organization('CONSOLIDATED_BILLING', null);
select fixture.read('aws_organizations_handshakes', 'denied');
