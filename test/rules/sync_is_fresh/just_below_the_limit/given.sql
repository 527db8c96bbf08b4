select fixture.synced_ago('23 hours 55 minutes');
select fixture.organization();
