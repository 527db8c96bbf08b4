select fixture.organization();
select fixture.trail('organization', '{"s3_bucket_name": "org-logs"}');
select fixture.trail('own', '{"is_organization_trail": false}');
