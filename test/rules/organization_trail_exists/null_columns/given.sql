select fixture.organization();
select fixture.trail('organization', '{"is_multi_region_trail": null, "log_file_validation_enabled": null}');
