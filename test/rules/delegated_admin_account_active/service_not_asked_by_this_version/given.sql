select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
-- The fixture's Macie can be asked, and this version does not: that matters where it has trusted access.
update aws_delegation_services set methods = '["organizations", "service"]' where service_id = 'macie';
select fixture.trusted('macie.amazonaws.com');
