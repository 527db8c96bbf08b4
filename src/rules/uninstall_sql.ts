/** `queries/uninstall.sql`. Fails, and changes nothing, where somebody else's view stands on one of ours. */
export function uninstallSql(): string {
  return `-- Generated from src/rules/uninstall_sql.ts: removes the schema "delegation", its results and its history.
-- Synced tables stay, and so do results of other packs.
begin;

${uninstallBody}
do $results$
begin
    if pg_catalog.to_regclass('aws_policy_results') is not null then
        delete from aws_policy_results where framework = 'aws_delegation';
        if not exists (select from aws_policy_results) then
            drop table aws_policy_results;
        end if;
    end if;
    drop table if exists aws_policy_result_changes;
    drop table if exists aws_policy_result_history;
    drop table if exists aws_delegation_history;
    drop table if exists aws_delegation_history_syncs;
    drop table if exists aws_delegation_history_reads;
end
$results$;

commit;
`;
}

/**
 * Everything in the schema, of whatever version, without CASCADE: what somebody built on it in another schema stops it. The
 * newest go first, because what stands on others came after them; what does not go yet is tried again.
 */
export const uninstallBody = `set local client_min_messages = warning;
do $uninstall$
declare
    object text;
    has_dropped boolean;
    is_left boolean;
    message text;
    detail text;
    foreign_message text;
    foreign_detail text;
begin
    perform pg_advisory_xact_lock(hashtext('delegation.install'));
    loop
        has_dropped := false;
        is_left := false;
        for object in
            select objects.object
            from (
                select pg_class.oid, format('view delegation.%I', pg_class.relname) as object
                from pg_catalog.pg_class
                where pg_class.relnamespace = pg_catalog.to_regnamespace('delegation') and pg_class.relkind = 'v'
                union all
                select pg_proc.oid, format('function %s', pg_proc.oid::pg_catalog.regprocedure)
                from pg_catalog.pg_proc
                where pg_proc.pronamespace = pg_catalog.to_regnamespace('delegation')
            ) as objects
            order by objects.oid desc
        loop
            begin
                execute 'drop ' || object;
                has_dropped := true;
            exception when dependent_objects_still_exist then
                is_left := true;
                get stacked diagnostics message = message_text, detail = pg_exception_detail;
                if foreign_detail is null and regexp_replace(detail, '^(view|function) delegation[.].*$', '', 'gn') ~ '[a-z]' then
                    foreign_message := message;
                    foreign_detail := detail;
                end if;
            end;
        end loop;
        exit when not is_left;
        if not has_dropped then
            raise exception using errcode = 'dependent_objects_still_exist', message = coalesce(foreign_message, message), detail = coalesce(foreign_detail, detail);
        end if;
    end loop;
    -- Who may not make it again leaves it, empty and with the rights on it.
    if pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create') then
        drop schema if exists delegation;
    end if;
end
$uninstall$;
`;
