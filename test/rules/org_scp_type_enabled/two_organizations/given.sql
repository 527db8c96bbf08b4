select fixture.organization();

set fixture.source = 'acquired';
set fixture.management = '999999999999';
select fixture.organization('ALL', null);
update aws_organizations set id = 'o-acquired' where _cq_source_name = 'acquired';
