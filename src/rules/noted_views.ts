/**
 * Views that many rules stand on and that are long to plan or to work out, in an order in which each stands on earlier ones
 * only. A function stands between such a view and its query: it is planned once for a session, and in a run of many rules it
 * gives again what was noted at the beginning. See `raw_verdicts` in queries/functions/judge.sql.
 */
const notedViews = [
  'reads',
  'table_reads',
  'services',
  'delegations',
  'service_regions',
  'service_use',
  'service_answers',
  'approvals',
] as const;

/**
 * Another, too large to be noted as text: a run that may write puts it into a temporary table first, and one that may only read
 * works it out for each rule. See `keep_results` there.
 */
const keptViews = ['class_guardrails'] as const;

/** One that a single rule stands on, so that nothing is noted: it has a function for the settings alone. */
const plannedViews = ['changes'] as const;

const viewsWithFunction = [...notedViews, ...keptViews, ...plannedViews];

/** A piece of the views, with what {@link notedViews} need around them. */
export function withNotes(sql: string): string {
  return viewsWithFunction.reduce<string>((text, name) => {
    const query = new RegExp(
      `create or replace view delegation\\.${name} as\\n([\\s\\S]*?;)\\n(?=comment on view delegation\\.${name} is)`,
    );
    return text.replace(query, (_whole, body: string) => noted(name, body));
  }, sql);
}

function noted(name: string, query: string): string {
  return `create or replace view delegation.live_${name} as
${query}

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_${name}() returns setof delegation.live_${name}
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
${bodyOf(name)}
end
$$;
comment on function delegation.noted_${name}() is 'The rows of delegation.${name}: as noted at the beginning of a run of rules, otherwise worked out.';

create or replace view delegation.${name} as
select noted.*
from delegation.noted_${name}() as noted;
`;
}

function bodyOf(name: string): string {
  const live = `return query select live.* from delegation.live_${name} as live;`;
  const isIn = (names: readonly string[]): boolean => names.includes(name);
  if (isIn(plannedViews)) return `begin\n    ${live}`;
  return `${isIn(keptViews) ? keptRows(name) : notedRows(name)}
    else
        ${live}
    end if;`;
}

const notedRows = (name: string): string => `declare
    noted constant text := current_setting('delegation.noted_${name}', true);
begin
    if noted <> '' then
        return query select noted_row.* from jsonb_populate_recordset(null::delegation.live_${name}, noted::jsonb) as noted_row;`;

const keptRows = (name: string): string => `begin
    if pg_catalog.to_regclass('pg_temp.aws_delegation_${name}') is not null then
        return query execute 'select kept.* from pg_temp.aws_delegation_${name} as kept';`;

/** After the views: what is noted, and comments on the queries behind. */
export const notesSql = `create or replace view delegation.noted_views (position, view_name) as
values
${notedViews.map((name, index) => `    (${index + 1}, '${name}')`).join(',\n')};
comment on view delegation.noted_views is 'Views that a run of rules works out once, in this order.';
comment on column delegation.noted_views.position is 'Place in the order.';
comment on column delegation.noted_views.view_name is 'Name of the view in schema delegation.';

do $comments$
declare
    live record;
begin
    for live in
        select named.view_name, pg_attribute.attname as column_name
        from unnest(array[${viewsWithFunction.map((name) => `'${name}'`).join(', ')}]) as named (view_name)
        join pg_catalog.pg_attribute
            on pg_attribute.attrelid = format('delegation.%I', 'live_' || named.view_name)::regclass
            and pg_attribute.attnum > 0
    loop
        execute format('comment on view delegation.%I is %L', 'live_' || live.view_name, format('The query of delegation.%s.', live.view_name));
        execute format('comment on column delegation.%I.%I is %L', 'live_' || live.view_name, live.column_name, format('As in delegation.%s.', live.view_name));
    end loop;
end
$comments$;
`;
