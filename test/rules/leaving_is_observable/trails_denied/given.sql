select fixture.organization();
select fixture.read('aws_cloudtrail_trails', 'denied', region => 'us-east-1');
