select fixture.organization();
update aws_organizations_roots set policy_types = null;
