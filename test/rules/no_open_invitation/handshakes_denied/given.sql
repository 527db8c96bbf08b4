-- Known wrong answer: a denied read gives no finding at all.
select fixture.organization();
select fixture.read('aws_organizations_handshakes', 'denied');
