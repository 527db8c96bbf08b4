select fixture.organization();
select fixture.invitation('h-new', '9 days', '{"state": "ON_HOLD"}');
