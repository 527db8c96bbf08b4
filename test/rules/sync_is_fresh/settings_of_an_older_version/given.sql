-- The limit of the spec may be another one than 24.
select fixture.synced_ago('3 hours 10 minutes');
select fixture.organization();
alter table aws_delegation_settings rename column max_age_hours to hidden;
