select fixture.synced_ago('3 hours 10 minutes');
select fixture.organization();
delete from aws_delegation_settings;
select fixture.read('aws_delegation_settings', 'skipped', operation => '');
