select fixture.synced_ago('30 hours 10 minutes');
select fixture.organization();
select fixture.finish();
select fixture.synced_ago('3 hours 10 minutes');
select set_config('fixture.source', 'other', false), set_config('fixture.management', '999999999999', false);
select fixture.organization();
update aws_organizations set id = 'o-other' where _cq_source_name = 'other';
select set_config('fixture.source', '', false), set_config('fixture.management', '', false);
