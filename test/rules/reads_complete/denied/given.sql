select fixture.organization();
select fixture.read('aws_organizations_handshakes', 'denied', message => 'no');
