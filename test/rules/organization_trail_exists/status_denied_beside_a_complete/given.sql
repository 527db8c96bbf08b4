select fixture.organization();
select fixture.trail('organization');
select fixture.trail('second', '{"is_logging": null}');
select fixture.read('aws_cloudtrail_trails', 'denied', 'arn:aws:cloudtrail:eu-central-1:111111111111:trail/second', 'eu-central-1', 'cloudtrail:GetTrailStatus');
