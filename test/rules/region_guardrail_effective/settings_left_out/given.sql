-- The spec may name Regions.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
delete from aws_delegation_settings;
select fixture.read('aws_delegation_settings', 'skipped');
