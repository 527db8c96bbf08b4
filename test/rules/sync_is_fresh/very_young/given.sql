select fixture.synced_ago('5 minutes');
select fixture.organization();
