select fixture.organization('CONSOLIDATED_BILLING', null);
delete from aws_organizations_roots;
select fixture.read('aws_organizations_roots', 'absent');
