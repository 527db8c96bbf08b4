select fixture.organization();
select fixture.settings('{"allowed_regions": ["eu-central-1", "us-east-1"]}');
select fixture.account('222222222222', 'Shop');

set fixture.source = 'acquired';
set fixture.management = '999999999999';
select fixture.organization();
update aws_organizations set id = 'o-acquired' where _cq_source_name = 'acquired';
select fixture.account('888888888888', 'Bank');
