select fixture.organization();
select fixture.trail('organization');
select fixture.trail('stopped', '{"is_logging": false}');
