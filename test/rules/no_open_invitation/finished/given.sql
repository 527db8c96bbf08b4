select fixture.organization();
select fixture.invitation('h-1', '9 days', '{"state": "ACCEPTED"}'), fixture.invitation('h-2', '9 days', '{"state": "DECLINED"}'),
    fixture.invitation('h-3', '9 days', '{"state": "CANCELED"}'), fixture.invitation('h-4', '20 days', '{"state": "EXPIRED"}');
