select fixture.organization();
delete from aws_organizations_roots;
