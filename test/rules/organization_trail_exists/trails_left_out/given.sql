select fixture.organization();
select fixture.read('aws_cloudtrail_trails', 'skipped', region => '');
