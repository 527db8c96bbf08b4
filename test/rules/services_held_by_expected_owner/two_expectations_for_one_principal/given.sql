-- Organizations cannot tell the two apart, so whoever it names holds the one that it should not.
select fixture.organization();
select fixture.ou('/Infrastructure');
select fixture.account('222222222222', 'Operations', '/Infrastructure');
select fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '999999999999');
select fixture.owner('infra_ops', 'account', '222222222222');
select fixture.service('a-fleet', 'Fleet', 'fleet.amazonaws.com', 'organizations', '{"is_security_service": false, "recommended_owners": ["infra_ops"]}');
select fixture.service('b-fleet', 'Fleet V2', 'fleet.amazonaws.com', 'organizations', '{"is_security_service": false, "recommended_owners": ["platform"]}');
select fixture.owner('platform', 'account', '333333333333');
select fixture.trusted('fleet.amazonaws.com');
select fixture.delegated('222222222222', 'fleet.amazonaws.com');
