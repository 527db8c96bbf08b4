-- Until that time comes, every later sync would count as older.
select fixture.synced_ago('-100 hours');
select fixture.organization();
