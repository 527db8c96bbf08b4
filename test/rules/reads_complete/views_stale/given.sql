-- A view that gives null for a column which the table has.
select fixture.organization();
alter table aws_organizations_handshakes rename column state to hidden;
alter table aws_organizations_handshakes add column state text;
