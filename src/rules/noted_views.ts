import { literal } from './literal.js';

interface NotedView {
  readonly name: string;
  /** The table whose readers need it, where it is too large to be noted as text. */
  readonly keptFor?: string;
}

/**
 * Views that many rules stand on and that are long to plan or to work out, in an order in which each stands on earlier ones
 * only. A function stands between such a view and its query: it is planned once for a session, and in a run of many rules it
 * gives again what whoever needed it first has noted. What is too large to be noted as text goes into a temporary table where the run may write,
 * and one that may only read works it out for each rule. See `raw_verdicts` and `keep_results` in queries/functions/judge.sql.
 */
const notedViews: readonly NotedView[] = [
  { name: 'owner_accounts', keptFor: 'aws_delegation_owners' },
  { name: 'reads' },
  { name: 'table_reads' },
  { name: 'services' },
  { name: 'delegations' },
  { name: 'service_regions' },
  { name: 'service_use' },
  { name: 'service_answers' },
  { name: 'approvals' },
  { name: 'class_guardrails', keptFor: 'aws_organizations_policy_targets' },
];

/** Others that a single rule stands on, so that nothing is noted: they have a function for its settings alone. */
const plannedViews: readonly NotedView[] = [{ name: 'changes' }];

const viewsWithFunction = [...notedViews, ...plannedViews];

/** A piece of the views, with what {@link notedViews} need around them. */
export function withNotes(sql: string): string {
  return viewsWithFunction.reduce((text, view) => {
    const { name } = view;
    const query = new RegExp(
      `create or replace view delegation\\.${name} as\\n([\\s\\S]*?;)\\n(?=comment on view delegation\\.${name} is)`,
    );
    return text.replace(query, (_whole, body: string) => noted(view, body));
  }, sql);
}

function noted(view: NotedView, query: string): string {
  const { name } = view;
  return `create or replace view delegation.live_${name} as
${query}

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_${name}() returns setof delegation.live_${name}
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
${bodyOf(view)}
end
$$;
comment on function delegation.noted_${name}() is 'The rows of delegation.${name}: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.${name} as
select noted.*
from delegation.noted_${name}() as noted;
`;
}

function bodyOf(view: NotedView): string {
  const { name, keptFor } = view;
  const live = `return query select live.* from delegation.live_${name} as live;`;
  if (plannedViews.includes(view)) return `begin\n    ${live}`;
  return `${keptFor === undefined ? notedRows(name) : keptRows(name)}
    else
        ${live}
    end if;`;
}

const notedRows = (name: string): string => `declare
    noted text := current_setting('delegation.noted_${name}', true);
begin
    if noted = 'wanted' then
        noted := delegation.note_view('${name}');
    end if;
    if noted <> '' then
        return query select noted_row.* from jsonb_populate_recordset(null::delegation.live_${name}, noted::jsonb) as noted_row;`;

const keptRows = (name: string): string => `begin
    if pg_catalog.to_regclass('pg_temp.aws_delegation_${name}') is not null then
        return query execute 'select kept.* from pg_temp.aws_delegation_${name} as kept';`;

/** After the views: what is noted, and comments on the queries behind. */
export const notesSql = `create or replace view delegation.noted_views (position, view_name, kept_for) as
values
${notedViews.map(({ name, keptFor }, index) => `    (${index + 1}, ${literal(name)}, ${keptFor === undefined ? 'null' : literal(keptFor)})`).join(',\n')};
comment on view delegation.noted_views is 'Views that a run of rules works out once; what is kept in a table, in this order.';
comment on column delegation.noted_views.position is 'Place in the order.';
comment on column delegation.noted_views.view_name is 'Name of the view in schema delegation.';
comment on column delegation.noted_views.kept_for is 'Where it is too large to be noted as text: the table whose readers need it, in a temporary table.';

do $comments$
declare
    live record;
begin
    for live in
        select named.view_name, pg_attribute.attname as column_name
        from unnest(array[${viewsWithFunction.map(({ name }) => literal(name)).join(', ')}]) as named (view_name)
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
