select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- The registration may be the one of V2, which says nothing itself.
select fixture.both_security_hubs_asked();
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
update aws_delegation_services set methods = '["organizations"]', admin_table_name = null where service_id = 'security-hub';
