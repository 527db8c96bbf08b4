select fixture.organization();
update aws_organizations_roots set policy_types = '[{"Type": "TAG_POLICY", "Status": "ENABLED"}]';
