-- Nothing is open, and of which organization is not known.
select fixture.read('aws_organizations', 'denied');
select fixture.read('aws_organizations_handshakes', 'ok');
