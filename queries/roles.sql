-- psql "$ADMIN_URL" -f queries/roles.sql: a role that syncs and judges, and one for BI that may only read. It can be run again at any time,
-- by a superuser, or by the owner of the database if it may create roles. What can be said otherwise, with the defaults:
--
--     -v writer=aws_delegation_writer  -v reader=aws_delegation_reader
--     -v schema=public      where the synced tables are, or are to be; it is made where it is not there
--     -v reader_only=on     only the reader is made, and nothing is taken from anybody; the writer is who syncs already, such as the superuser
--                           of the embedded server: the current user where -v writer= names no other
--     -v hand_over=on       the writer becomes the owner of what there is already: tables aws_* of that schema, and the schema delegation
--     -v alone=on           the database is for nothing else: who is neither owner, writer nor reader cannot even connect
--
-- No password is set here, and without one nobody can log in: \password aws_delegation_writer, and the same for the reader.
\set ON_ERROR_STOP on
\set QUIET on
\if :{?reader_only}
\else
    \set reader_only off
\endif
\if :{?writer}
\elif :reader_only
    \set writer :USER
\else
    \set writer aws_delegation_writer
\endif
\if :{?reader}
\else
    \set reader aws_delegation_reader
\endif
\if :{?schema}
\else
    \set schema public
\endif
\if :{?hand_over}
\else
    \set hand_over off
\endif
\if :{?alone}
\else
    \set alone off
\endif

begin;
set local client_min_messages = warning;

-- A role belongs to all databases of a server, and may have been made for another one.
select format('create role %I login', wanted.name)
from (values (:'writer'), (:'reader')) as wanted (name)
where not exists (select from pg_catalog.pg_roles where pg_roles.rolname = wanted.name)
    and not (:'reader_only'::boolean and wanted.name = :'writer')
\gexec
select pg_catalog.set_config('delegation.roles', concat_ws(',', case when not :'reader_only'::boolean then :'writer' end, :'reader'), true) as roles
\gset
do $check$
declare
    too_mighty text := (
        select string_agg(pg_roles.rolname, ', ')
        from pg_catalog.pg_roles
        where pg_roles.rolname = any (string_to_array(current_setting('delegation.roles'), ','))
            and (pg_roles.rolsuper or pg_roles.rolcreatedb or pg_roles.rolcreaterole or pg_roles.rolreplication or pg_roles.rolbypassrls)
    );
begin
    if too_mighty is not null then
        raise exception 'The role % may do more than a writer or a reader should. Nothing was changed.', too_mighty
            using hint = 'Give other names with -v writer= and -v reader=.';
    end if;
end
$check$;
-- To give a role something, or to say what it gives by default, takes being one.
select format('grant %I to %I', :'writer', current_user)
where not pg_catalog.pg_has_role(current_user, :'writer', 'usage')
\gexec

-- PostgreSQL 14 and older let everybody create objects here, and what they create could stand in the way of ours.
create schema if not exists :"schema";
\if :reader_only
\else
    revoke create on schema :"schema" from public;
    grant connect, temporary on database :"DBNAME" to :"writer";
\endif
grant connect on database :"DBNAME" to :"reader";
\if :alone
    revoke all on database :"DBNAME" from public;
    revoke all on schema :"schema" from public;
\endif

-- It owns what it makes, and migrations need that: only an owner can alter, replace or drop. The schema delegation is made here, so
-- that it need not create schemas.
\if :reader_only
\else
    grant usage, create on schema :"schema" to :"writer";
\endif
select format('create schema delegation authorization %I; comment on schema delegation is %L', :'writer', 'Views and functions of aws-delegation: who holds which power in an AWS organization.')
where pg_catalog.to_regnamespace('delegation') is null
\gexec
\if :hand_over
    alter schema delegation owner to :"writer";
\endif
\if :reader_only
\else
    grant usage, create on schema delegation to :"writer";
\endif

\if :hand_over
    select format('alter %s %s owner to %I', kinds.kind, objects.oid::regclass, :'writer')
    from pg_catalog.pg_class as objects
    join (values ('r', 'table'), ('p', 'table'), ('v', 'view')) as kinds (relkind, kind) on kinds.relkind = objects.relkind::text
    where (objects.relnamespace = pg_catalog.to_regnamespace('delegation') or (objects.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = :'schema') and objects.relname ~ '^aws_' and objects.relkind <> 'v'))
        and objects.relowner <> (select oid from pg_catalog.pg_roles where rolname = :'writer')
    order by objects.oid
    \gexec
    select format('alter function %s owner to %I', pg_proc.oid::regprocedure, :'writer')
    from pg_catalog.pg_proc
    where pg_proc.pronamespace = pg_catalog.to_regnamespace('delegation')
        and pg_proc.proowner <> (select oid from pg_catalog.pg_roles where rolname = :'writer')
    order by pg_proc.oid
    \gexec
\endif

-- Each may be told which schema is meant; without this, "$user" comes before it.
\if :reader_only
\else
    alter role :"writer" in database :"DBNAME" set search_path to :"schema";
\endif
alter role :"reader" in database :"DBNAME" set search_path to :"schema";

-- What the writer makes later, in whatever schema: the reader reads it, and nobody else does anything with it. A writer that may make
-- schemas drops the schema delegation now and then and makes it again.
alter default privileges for role :"writer" grant usage on schemas to :"reader";
alter default privileges for role :"writer" grant select on tables to :"reader";
\if :reader_only
\else
    alter default privileges for role :"writer" revoke execute on functions from public;
\endif
alter default privileges for role :"writer" grant execute on functions to :"reader";

-- What it has made already; who did not come to be the writer of this alone may have made other things too.
grant usage on schema :"schema", delegation to :"reader";
select concat(
    case when not :'reader_only'::boolean then format('revoke all on %s from public; ', pg_class.oid::regclass) end,
    format('grant select on %s to %I', pg_class.oid::regclass, :'reader')
)
from pg_catalog.pg_class
join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
where pg_class.relkind in ('r', 'p', 'v')
    and pg_namespace.nspname in (:'schema', 'delegation')
    and pg_class.relowner = (select oid from pg_catalog.pg_roles where rolname = :'writer')
    and (not :'reader_only'::boolean or pg_namespace.nspname = 'delegation' or pg_class.relname ~ '^aws_')
order by pg_class.oid
\gexec
select concat(
    case when not :'reader_only'::boolean then format('revoke all on function %s from public; ', pg_proc.oid::regprocedure) end,
    format('grant execute on function %s to %I', pg_proc.oid::regprocedure, :'reader')
)
from pg_catalog.pg_proc
where pg_proc.pronamespace = pg_catalog.to_regnamespace('delegation')
    and pg_proc.proowner = (select oid from pg_catalog.pg_roles where rolname = :'writer')
order by pg_proc.oid
\gexec

commit;
