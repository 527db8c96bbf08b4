-- The complete one may be in the Region that was not read.
select fixture.organization();
select fixture.trail('stopped', '{"is_logging": false}');
select fixture.read('aws_cloudtrail_trails', 'denied', region => 'us-east-1');
