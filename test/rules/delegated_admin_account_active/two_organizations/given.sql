select fixture.organization();
select fixture.account('222222222222', 'Security Tooling');
select fixture.delegated('222222222222', 'config.amazonaws.com');
set fixture.source = 'acquired';
set fixture.management = '999999999999';
select fixture.organization();
update aws_organizations set id = 'o-acquired' where _cq_source_name = 'acquired';
-- The account of the one is no account of the other.
select fixture.delegated('222222222222', 'config.amazonaws.com');
reset fixture.source;
reset fixture.management;
