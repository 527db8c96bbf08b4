select fixture.organization();
select fixture.trail('one-region', '{"is_multi_region_trail": false}');
select fixture.trail('stopped', '{"is_logging": false, "log_file_validation_enabled": false}');
