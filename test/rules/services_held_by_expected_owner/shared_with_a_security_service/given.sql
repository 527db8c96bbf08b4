-- One principal for a service of operations and one of security, and Organizations alone to ask: who holds the one holds the other.
select fixture.organization();
select fixture.ou('/Infrastructure');
select fixture.account('222222222222', 'Operations', '/Infrastructure');
select fixture.account('333333333333', 'Security Tooling');
select fixture.owner('infosec', 'account', '333333333333');
select fixture.owner('infra_ops', 'account', '222222222222');
select fixture.service('a-fleet', 'Fleet', 'fleet.amazonaws.com', 'organizations', '{"is_security_service": false, "recommended_owners": ["infra_ops"]}');
select fixture.service('b-watch', 'Watch', 'fleet.amazonaws.com', 'organizations', '{"recommended_owners": ["infosec"]}');
select fixture.trusted('fleet.amazonaws.com');
select fixture.delegated('222222222222', 'fleet.amazonaws.com');
