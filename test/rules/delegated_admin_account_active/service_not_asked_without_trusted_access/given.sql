select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
update aws_delegation_services set methods = '["organizations", "service"]' where service_id = 'macie';
select fixture.delegated('222222222222', 'config.amazonaws.com');
