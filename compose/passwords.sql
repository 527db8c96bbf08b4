-- After queries/roles.sql, by the service `roles` of compose.yml: passwords from its environment, and a database for what the dashboard
-- keeps of its own. It can be run again at any time.
\set ON_ERROR_STOP on
-- A password must not reach the server's log, whatever that is set to.
set log_statement = 'none';
set log_min_error_statement = 'panic';
set log_min_duration_statement = -1;

\getenv writer_password WRITER_PASSWORD
\getenv reader_password READER_PASSWORD
\getenv dashboard_password DASHBOARD_PASSWORD

select 'create role aws_delegation_dashboard login'
where pg_catalog.to_regrole('aws_delegation_dashboard') is null
\gexec
alter role aws_delegation_writer password :'writer_password';
alter role aws_delegation_reader password :'reader_password';
alter role aws_delegation_dashboard password :'dashboard_password';

select 'create database aws_delegation_dashboard owner aws_delegation_dashboard'
where not exists (select from pg_catalog.pg_database where pg_database.datname = 'aws_delegation_dashboard')
\gexec
revoke all on database aws_delegation_dashboard from public;
