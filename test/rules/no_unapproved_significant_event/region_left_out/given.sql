select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.read('aws_cloudtrail_organization_events', 'skipped', region => 'us-east-1', message => '`regions` of the spec leaves it out');
