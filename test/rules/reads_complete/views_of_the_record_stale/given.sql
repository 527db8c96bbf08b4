-- The table that says how reads ended has no read of its own.
select fixture.organization();
alter table aws_delegation_reads rename column duration_ms to hidden;
alter table aws_delegation_reads add column duration_ms bigint;
