select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.read('aws_cloudtrail_organization_events', 'denied', region => 'us-east-1', message => 'not authorized');
