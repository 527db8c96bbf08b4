select fixture.synced_ago('30 hours 10 minutes');
select fixture.organization();
