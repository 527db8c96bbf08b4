-- The same account is management here and member there.
select fixture.organization();
select fixture.account('999999999999', 'Security');
select fixture.guardduty('999999999999');
set fixture.source = 'acquired';
set fixture.management = '999999999999';
select fixture.organization();
update aws_organizations set id = 'o-acquired' where _cq_source_name = 'acquired';
select fixture.guardduty('999999999999', '{us-east-1}');
