-- A sync of an older version did not know the table.
select fixture.organization();
delete from fixture.tables where table_name = 'aws_iam_service_linked_roles';
