select fixture.organization();
select set_config('fixture.source', 'other', false), set_config('fixture.management', '999999999999', false);
select fixture.organization();
update aws_organizations set id = 'o-other' where _cq_source_name = 'other';
select fixture.read('aws_organizations_handshakes', 'denied');
select set_config('fixture.source', '', false), set_config('fixture.management', '', false);
