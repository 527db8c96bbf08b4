-- What the spec of a new user says: no fail, and the line to add.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling');
select fixture.account('333333333333', 'Operations');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.service('ipam', 'Amazon VPC IP Address Manager (IPAM)', 'ipam.amazonaws.com', 'organizations service', '{"is_security_service": false, "is_regional": false, "recommended_owners": ["infra_ops", "networking"]}');
select fixture.trusted('backup.amazonaws.com'), fixture.trusted('ipam.amazonaws.com');
select fixture.delegated('333333333333', 'backup.amazonaws.com');
