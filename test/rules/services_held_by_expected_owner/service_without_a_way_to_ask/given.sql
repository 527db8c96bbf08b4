select fixture.organization();
select fixture.ou('/Infrastructure');
select fixture.account('222222222222', 'Operations', '/Infrastructure');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '999999999999');
select fixture.owner('infra_ops', 'account', '222222222222');
select fixture.owner('backup', 'account', '444444444444');
select fixture.account('444444444444', 'Vault', '/Infrastructure');

-- Expected by the spec, and in the catalogue without a way to delegate it, or with a way that this version does not know.
select fixture.service('ram', 'AWS Resource Access Manager', 'ram.amazonaws.com', '', '{"is_security_service": false, "recommended_owners": []}');
select fixture.service('tag-policies', 'Tag policies', 'tagpolicies.tag.amazonaws.com', '', '{"is_security_service": false, "recommended_owners": []}');
select fixture.service('omni', 'Amazon CloudWatch Omni', '', '', '{"is_security_service": false, "recommended_owners": []}');
update aws_delegation_services set is_delegation_supported = false where service_id in ('ram', 'tag-policies');
update aws_delegation_services set is_delegation_supported = null where service_id = 'omni';
select fixture.expectation('ram', 'infra_ops'), fixture.expectation('tag-policies', 'infra_ops'), fixture.expectation('omni', 'infra_ops');
select fixture.trusted('ram.amazonaws.com');
-- AWS has learned to delegate it since.
select fixture.delegated('333333333333', 'tagpolicies.tag.amazonaws.com');
