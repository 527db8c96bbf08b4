select fixture.synced_ago('-50 minutes');
select fixture.organization();
