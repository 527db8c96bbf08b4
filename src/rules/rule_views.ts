import { RulesError } from './errors.js';
import type { Rule } from './header.js';
import { literal } from './literal.js';

const columns: Readonly<Record<string, string>> = {
  organization_id: 'ID of the organization; null where it is not known.',
  account_id: 'Account that the verdict is about, or that asked.',
  region: 'Region that the verdict is about; null for all of them.',
  resource_id: 'What is judged: a service of the catalogue, a policy, an account, a principal, the organization.',
  status: 'pass, fail, unknown or not_applicable.',
  reason: 'Why, and what to do.',
  unknown_cause: 'unread, not_configured or not_observable; null where the status is not unknown.',
};

// As PostgreSQL cuts longer names without an error.
const longestIdentifier = 63;

/** Each rule as a view `delegation.rule_<id>`, and `delegation.rules` with what their headers say. */
export function ruleViewsSql(rules: readonly Rule[]): string {
  for (const { id, file } of rules) {
    if (viewName(id).length > longestIdentifier) {
      throw new RulesError(
        `${file}: the name of its view, ${viewName(id)}, is longer than ${longestIdentifier} characters.`,
      );
    }
  }
  return `-- A rule that this version no longer has.
do $retired$
declare
    retired record;
begin
    for retired in
        select pg_class.relname as name
        from pg_catalog.pg_class
        where pg_class.relnamespace = 'delegation'::regnamespace
            and pg_class.relname like 'rule\\_%'
            and pg_class.relname not in (${rules.map(({ id }) => literal(viewName(id))).join(', ')})
    loop
        execute format('drop view delegation.%I', retired.name);
    end loop;
end
$retired$;

${rules.map(viewSql).join('\n')}
create or replace view delegation.rules (check_id, title, severity, frameworks, reads, why, decides, unknown, remediation, source) as
values
${rules.map(valuesOf).join(',\n')};
comment on view delegation.rules is 'The rules, and what there is to say of each. delegation.rule_<check_id> gives its verdicts.';
comment on column delegation.rules.check_id is 'ID of the rule.';
comment on column delegation.rules.title is 'What holds where it passes.';
comment on column delegation.rules.severity is 'critical, high, medium or low.';
comment on column delegation.rules.frameworks is 'Numbers of the controls that it answers, by framework.';
comment on column delegation.rules.reads is 'Tables on which it leans; * stands for a part of the name.';
comment on column delegation.rules.why is 'What goes wrong where it does not hold.';
comment on column delegation.rules.decides is 'How a verdict comes about.';
comment on column delegation.rules.unknown is 'What an unknown means.';
comment on column delegation.rules.remediation is 'What to do, with {placeholders} for the row.';
comment on column delegation.rules.source is 'Page of AWS that it rests on.';

do $comments$
declare
    view_name text;
begin
    for view_name in
        select format('rule_%s', rules.check_id)
        from delegation.rules
    loop
${Object.entries(columns)
  .map(
    ([name, comment]) =>
      `        execute format('comment on column delegation.%I.${name} is %L', view_name, ${literal(comment)});`,
  )
  .join('\n')}
    end loop;
end
$comments$;
`;
}

function viewName(ruleId: string): string {
  return `rule_${ruleId}`;
}

function viewSql({ id, title, sql }: Rule): string {
  const view = `delegation.${viewName(id)}`;
  return `create or replace view ${view} as
${sql};
comment on view ${view} is ${literal(`${title}.`)};
`;
}

function valuesOf(rule: Rule): string {
  const { id, title, severity, frameworks, reads, why, decides, unknown, remediation, source } = rule;
  const texts = [why, decides, unknown, remediation, source].map(literal);
  return `    (${[literal(id), literal(title), literal(severity), `${literal(JSON.stringify(frameworks))}::jsonb`, `array[${reads.map(literal).join(', ')}]::text[]`, ...texts].join(', ')})`;
}
