-- The guardrail of one does not protect the other, and what is in use there is not judged here.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": ["guardduty:*"], "Resource": "*"}]', '{/}');

set fixture.source = 'acquired';
set fixture.management = '999999999999';
select fixture.organization();
update aws_organizations set id = 'o-acquired' where _cq_source_name = 'acquired';
select fixture.account('888888888888', 'Bank');
select fixture.trusted('guardduty.amazonaws.com');
