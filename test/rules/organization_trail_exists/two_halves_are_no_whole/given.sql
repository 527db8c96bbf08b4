-- Each lacks what the other has.
select fixture.organization();
select fixture.trail('one-region', '{"is_multi_region_trail": false}');
select fixture.trail('unvalidated', '{"log_file_validation_enabled": false}');
