select fixture.organization();
select fixture.trail('organization', '{"is_logging": false, "is_multi_region_trail": false}');
