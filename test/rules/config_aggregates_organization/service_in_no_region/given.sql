select fixture.organization();
select fixture.more_services(), fixture.both_security_hubs_asked(), fixture.member_services();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
select fixture.owner('infosec', 'account', '222222222222');
update aws_delegation_services set service_regions = '["eu-west-3"]' where service_id = 'config';
select fixture.read('aws_config_configuration_aggregators', 'absent', region => region, code => 'ServiceNotInRegion') from unnest(array['eu-central-1', 'us-east-1']) as region;
