select fixture.synced_ago('3 hours 10 minutes');
select fixture.organization();
