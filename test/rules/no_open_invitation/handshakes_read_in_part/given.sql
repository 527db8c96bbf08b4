-- A found fault beats a missing read, and does not hide it.
select fixture.organization();
select fixture.invitation('h-old', '4 days');
select fixture.read('aws_organizations_handshakes', 'failed');
