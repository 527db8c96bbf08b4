select fixture.organization();
delete from aws_delegation_settings;
select fixture.read('aws_delegation_settings', 'skipped');
