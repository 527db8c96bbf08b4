select fixture.organization();
select fixture.trail('organization', '{"is_logging": null}');
select fixture.read('aws_cloudtrail_trails', 'denied', 'arn:aws:cloudtrail:eu-central-1:111111111111:trail/organization', 'eu-central-1', 'cloudtrail:GetTrailStatus');
