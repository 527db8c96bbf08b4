// What the dashboards show, once for Superset and Grafana. The datasets are in dashboards/queries.

export const colors = {
  critical: '#8c1d18',
  high: '#d2452f',
  medium: '#e8973a',
  low: '#f2cf63',
  fail: '#d2452f',
  unknown: '#e0a419',
  waived: '#8f7fb5',
  pass: '#3f9c6d',
  none: '#b9bec5',
  neutral: '#3a7ca5',
};

/** A measure is SQL over the rows of a dataset; its label is its name in each tool. */
const measure = (label, sql, color) => ({ label, sql, color });
const rows = measure('rows', 'count(*)');
const status = (name) => measure(name, `count(*) filter (where status = '${name}')`, colors[name]);

/** Bars in parts: the column that says which part, and the color of each of its values. */
const parts = (column, values) => ({ column, values });
const severities = parts('severity', {
  critical: colors.critical,
  high: colors.high,
  medium: colors.medium,
  low: colors.low,
});

/**
 * Of the kinds `number` (a measure), `bars` (a measure by a column, in parts), `time` (likewise by the day), `map` (a code for each pair of two
 * columns) and `table` (rows as they are). The longest of the bars comes first, unless they are ordered `byName`. `order` of a table is a
 * list of columns, `-` in front for the largest first.
 */
export const charts = [
  {
    id: 'findings',
    title: 'Findings',
    about: 'Verdicts of the newest check that fail.',
    note: 'verdicts that fail',
    dataset: 'verdicts',
    kind: 'number',
    measure: status('fail'),
  },
  {
    id: 'not_known',
    title: 'Not known',
    about: 'Verdicts that could not be reached. None of them is a pass.',
    note: 'unknown is not pass',
    dataset: 'verdicts',
    kind: 'number',
    measure: status('unknown'),
  },
  {
    id: 'holding_accounts',
    title: 'Accounts that hold a delegation',
    about: 'Each account once, however many services and Regions it holds.',
    note: 'each account once',
    dataset: 'holders',
    kind: 'number',
    measure: measure('holding accounts', `count(distinct account_id) filter (where is_held)`, colors.neutral),
  },
  {
    id: 'sync_age',
    title: 'Age of the newest sync',
    about: 'In hours, of the source whose newest sync is oldest. Everything else here is at least as old.',
    note: 'hours; everything here is as old',
    dataset: 'syncs',
    kind: 'number',
    decimals: 1,
    measure: measure('hours', 'max(age_hours)', colors.neutral),
  },
  {
    id: 'verdicts_by_status',
    title: 'Verdicts by status and severity',
    about: 'The colour is the severity of the rule.',
    dataset: 'verdicts',
    kind: 'bars',
    by: 'status',
    measure: rows,
    parts: severities,
  },
  {
    id: 'findings_by_rule',
    title: 'Findings by rule',
    about: 'Rules that fail, by the number of things they fail for. Many findings of one rule often have one cause.',
    dataset: 'verdicts',
    kind: 'bars',
    isHorizontal: true,
    by: 'check_id',
    where: `status = 'fail'`,
    measure: rows,
    parts: severities,
  },
  {
    id: 'unknown_by_cause',
    title: 'Not known, by cause',
    about:
      'unread: a read is missing. not_configured: the spec does not say it, or left it out. not_observable: AWS does not show it to this version.',
    dataset: 'verdicts',
    kind: 'bars',
    isHorizontal: true,
    by: 'check_id',
    where: `status = 'unknown'`,
    measure: rows,
    parts: parts('unknown_cause', {
      unread: colors.high,
      not_configured: colors.medium,
      not_observable: colors.none,
    }),
  },
  {
    id: 'findings_list',
    title: 'Findings, the worst first',
    about: 'What to do is in the reason, and on the page of the rule.',
    dataset: 'verdicts',
    kind: 'table',
    where: `status = 'fail'`,
    columns: ['severity', 'check_id', 'resource_id', 'region', 'account_name', 'reason'],
    order: ['severity_rank', 'check_id', 'resource_id', 'region'],
    limit: 1000,
  },
  {
    id: 'holders_by_services',
    title: 'Holders, and how many services each holds',
    about:
      'A service counts once, in however many Regions it is held. The colour says whether the owner is the expected one.',
    dataset: 'holders',
    kind: 'bars',
    isHorizontal: true,
    by: 'holder',
    measure: rows,
    parts: parts('expectation', {
      expected: colors.pass,
      'not known': colors.none,
      'not settled': colors.unknown,
      'not expected': colors.fail,
      'management account': colors.critical,
    }),
  },
  {
    id: 'holders_by_method',
    title: 'Delegations by method',
    about: 'Pairs of a service and its holder, by who names the holder. One that two methods name is in both bars.',
    dataset: 'delegations',
    kind: 'bars',
    by: 'method',
    measure: measure('services held', 'count(distinct holding)', colors.neutral),
  },
  {
    id: 'service_region_map',
    title: 'Who holds each service in each Region',
    about:
      '4 as expected, 3 nobody, 2 unclear (nobody is expected, or it is being made or removed), 1 not read, 0 somebody else. An empty cell: the service is not there.',
    dataset: 'service_regions',
    kind: 'map',
    x: 'region',
    y: 'service_name',
    state: 'state',
    measure: measure('state code', 'max(state_code)'),
    /** By their code, from 0. */
    states: [
      ['somebody else', colors.fail],
      ['not read', colors.unknown],
      ['unclear', colors.low],
      ['nobody', colors.none],
      ['as expected', colors.pass],
    ],
  },
  {
    id: 'methods_disagree',
    title: 'Where the methods disagree',
    about:
      'Organizations and the service name different administrators, or it is not known whether they do (rule methods_agree).',
    dataset: 'verdicts',
    kind: 'table',
    where: `check_id = 'methods_agree' and status in ('fail', 'unknown', 'waived')`,
    columns: ['status', 'resource_id', 'region', 'reason'],
    order: ['status_rank', 'resource_id', 'region'],
    limit: 1000,
  },
  {
    id: 'guardrail_coverage',
    title: 'Accounts that each guardrail covers',
    about:
      'Active accounts by what service control policies deny to them. Partial is no protection; the management account is under no policy.',
    dataset: 'guardrails',
    kind: 'bars',
    isHorizontal: true,
    by: 'control',
    byName: true,
    measure: measure('accounts', 'sum(accounts)'),
    parts: parts('denial', {
      whole: colors.pass,
      partial: colors.medium,
      none: colors.fail,
      unknown: colors.unknown,
      not_applicable: colors.none,
    }),
  },
  {
    id: 'policy_grants',
    title: 'What the delegation policy grants',
    about: 'Work on policies first; who may only look or tag comes last.',
    dataset: 'policy_grants',
    kind: 'table',
    columns: [
      'account_name',
      'principal',
      'statement',
      'action_group',
      'policy_types',
      'is_conditional',
      'action_names',
    ],
    order: ['-is_policy_work', 'account_name', 'statement'],
    limit: 500,
  },
  {
    id: 'changes_list',
    title: 'Changes of the organization and its administrators',
    about: 'From CloudTrail, refused attempts included.',
    dataset: 'changes',
    kind: 'table',
    time: 'changed_at',
    columns: [
      'changed_at',
      'approval',
      'action',
      'target',
      'service_name',
      'principal_name',
      'session_name',
      'approved_by',
    ],
    order: ['-changed_at'],
    limit: 500,
  },
  {
    id: 'verdict_changes',
    title: 'How verdicts changed',
    about:
      'Verdicts that a check found to be other ones than the check before. A day without a bar changed nothing, or had no check.',
    dataset: 'verdict_changes',
    kind: 'time',
    time: 'changed_at',
    measure: rows,
    parts: parts('direction', {
      'new finding': colors.fail,
      'no longer known': colors.unknown,
      waived: colors.waived,
      mended: colors.pass,
      'finding gone': colors.low,
      other: colors.none,
    }),
  },
  {
    id: 'missing_reads',
    title: 'What was not read',
    about:
      'Denied and failed reads make verdicts unknown. Skipped ones the spec does not ask for, or there is no way in.',
    dataset: 'reads',
    kind: 'table',
    where: 'is_missing',
    columns: ['outcome', 'table_name', 'operation', 'region', 'error_code', 'error_message'],
    order: ['outcome', 'table_name', 'operation', 'region'],
    limit: 1000,
  },
];

/** From left to right and from top to bottom: a chart, its width of 12 columns, and its height in units of 8 pixels; or a text. */
export const layout = {
  top: [['findings', 'not_known', 'holding_accounts', 'sync_age'].map((id) => [id, 3, 21])],
  tabs: [
    {
      title: 'Verdicts',
      rows: [
        [
          ['verdicts_by_status', 5, 64],
          ['findings_by_rule', 7, 64],
        ],
        [['findings_list', 12, 64]],
        [['unknown_by_cause', 12, 44]],
        [['missing_reads', 12, 56]],
      ],
    },
    {
      title: 'Who holds what',
      rows: [
        [
          ['holders_by_services', 8, 50],
          ['holders_by_method', 4, 50],
        ],
        [['service_region_map', 12, 52]],
        [
          [
            {
              id: 'states',
              text: '**4** as expected · **3** nobody holds it · **2** unclear: nobody is expected to, or it is being made or removed · **1** not read · **0** somebody else holds it · empty: the service does not exist in that Region',
            },
            12,
            7,
          ],
        ],
        [['methods_disagree', 12, 50]],
      ],
    },
    {
      title: 'Guardrails and policy',
      rows: [[['guardrail_coverage', 12, 60]], [['policy_grants', 12, 56]]],
    },
    {
      title: 'Changes',
      rows: [[['verdict_changes', 12, 44]], [['changes_list', 12, 64]]],
    },
  ],
};

/** What can be filtered by, and where its values come from; a chart whose dataset has no such column is left as it is. */
export const filters = [
  { name: 'Organization', column: 'organization_id', dataset: 'syncs' },
  { name: 'Source', column: 'source_name', dataset: 'syncs' },
  { name: 'Severity', column: 'severity', dataset: 'verdicts' },
];
