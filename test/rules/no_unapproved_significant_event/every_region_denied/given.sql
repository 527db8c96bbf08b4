select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.read('aws_cloudtrail_organization_events', 'denied', region => region) from unnest(array['eu-central-1', 'us-east-1']) as region;
