select fixture.organization();
update aws_organizations_policies set content = null, content_text = null;
