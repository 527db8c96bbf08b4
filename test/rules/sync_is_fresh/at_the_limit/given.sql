-- Less than 24 hours are asked for.
select fixture.synced_ago('24 hours');
select fixture.organization();
