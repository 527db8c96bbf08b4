-- No status, and no word why.
select fixture.organization();
select fixture.trail('organization', '{"is_logging": null}');
