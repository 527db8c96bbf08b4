select fixture.organization();
delete from aws_organizations_roots;
select fixture.read('aws_organizations_roots', 'skipped');
