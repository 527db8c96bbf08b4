import { charts, colors, layout } from './charts.js';
import { labelOf } from './queries.js';

const type = 'grafana-postgresql-datasource';
const datasource = { type, uid: '${datasource}' };

/** Width of a row: 24 columns, and a unit of height is 38 pixels where Superset's is 8. */
const columns = 24;
const heightOf = (height) => Math.max(2, Math.round((height * 8) / 38));

/** The dashboard in Grafana's classic JSON model, which each version since 10.3 imports. */
export function grafanaDashboard(queries) {
  return {
    id: null,
    uid: 'aws-delegation',
    title: 'AWS delegated administration',
    description: 'Who holds which power in an AWS organization, and is that right?',
    tags: ['aws', 'organizations', 'security'],
    timezone: 'utc',
    editable: true,
    graphTooltip: 0,
    fiscalYearStartMonth: 0,
    weekStart: '',
    links: [],
    panels: panels(queries),
    time: { from: 'now-90d', to: 'now' },
    timepicker: {},
    templating: { list: variables(queries) },
    annotations: { list: [] },
    refresh: '',
    schemaVersion: 39,
    version: 1,
  };
}

function variables(queries) {
  const common = { hide: 0, skipUrlSync: false, options: [] };
  const several = { multi: true, includeAll: true, current: { selected: true, text: ['All'], value: ['$__all'] } };
  const organizations = select(['distinct organization_id'], queries.syncs, [], 'order by organization_id');
  return [
    {
      ...common,
      name: 'datasource',
      label: 'Data source',
      type: 'datasource',
      query: type,
      regex: '',
      refresh: 1,
      multi: false,
      includeAll: false,
    },
    {
      ...common,
      ...several,
      name: 'organization',
      label: 'Organization',
      type: 'query',
      datasource,
      query: organizations,
      regex: '',
      refresh: 1,
      sort: 0,
    },
    {
      ...common,
      ...several,
      name: 'severity',
      label: 'Severity',
      type: 'custom',
      query: 'critical,high,medium,low',
    },
  ];
}

function panels(queries) {
  const all = [];
  let y = 0;
  const place = (list) => {
    for (const row of list) {
      let x = 0;
      const h = Math.max(...row.map(([, , height]) => heightOf(height)));
      for (const [what, width] of row) {
        const w = (width * columns) / 12;
        all.push({ id: all.length + 1, gridPos: { h, w, x, y }, ...panel(what, queries) });
        x += w;
      }
      y += h;
    }
  };
  place(layout.top);
  for (const { title, rows } of layout.tabs) {
    all.push({
      id: all.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { h: 1, w: columns, x: 0, y },
      panels: [],
    });
    y += 1;
    // What a text explains about numbers, Grafana says in words.
    place(rows.filter(([[what]]) => typeof what === 'string'));
  }
  return all;
}

function panel(id, queries) {
  const chart = charts.find((each) => each.id === id);
  const { sql, format = 'table', ...rest } = shapes[chart.kind](chart, queries[chart.dataset]);
  return {
    title: chart.title,
    description: chart.about,
    datasource,
    targets: [{ refId: 'A', datasource, editorMode: 'code', format, rawQuery: true, rawSql: sql }],
    transformations: [],
    ...rest,
  };
}

const shapes = {
  number: ({ measure, decimals = 0, where }, query) => ({
    type: 'stat',
    sql: select([`${measure.sql} as "${measure.label}"`], query, [where]),
    fieldConfig: {
      defaults: {
        decimals,
        color: { mode: 'fixed', fixedColor: measure.color },
        mappings: [],
        thresholds: noThresholds,
      },
      overrides: [],
    },
    options: {
      reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' },
      orientation: 'auto',
      textMode: 'value',
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      wideLayout: true,
    },
  }),

  bars({ by, byName = false, measure, parts, isHorizontal = false, where }, query) {
    const order = byName ? by : `${measure.sql} desc, ${by}`;
    return {
      type: 'barchart',
      sql: select([by, ...partsOf(measure, parts)], query, [where], `group by ${by}\norder by ${order}`),
      fieldConfig: {
        defaults: {
          decimals: 0,
          color: { mode: 'palette-classic' },
          mappings: [],
          thresholds: noThresholds,
          custom: { lineWidth: 0, fillOpacity: 90, gradientMode: 'none', axisPlacement: 'auto', axisLabel: '' },
        },
        overrides: partColors(measure, parts),
      },
      options: {
        orientation: isHorizontal ? 'horizontal' : 'vertical',
        xField: by,
        stacking: 'normal',
        showValue: 'auto',
        barWidth: 0.8,
        groupWidth: 0.7,
        xTickLabelRotation: 0,
        xTickLabelSpacing: 0,
        legend: { displayMode: 'list', placement: 'bottom', showLegend: parts !== undefined, calcs: [] },
        tooltip: { mode: 'multi', sort: 'none' },
      },
    };
  },

  time({ time, measure, parts, where }, query) {
    const asked = [`date_trunc('day', ${time}, 'UTC') as "time"`, ...partsOf(measure, parts)];
    return {
      type: 'timeseries',
      format: 'time_series',
      sql: select(asked, query, [where, `$__timeFilter(${time})`], 'group by 1\norder by 1'),
      fieldConfig: {
        defaults: {
          decimals: 0,
          color: { mode: 'palette-classic' },
          mappings: [],
          thresholds: noThresholds,
          custom: {
            drawStyle: 'bars',
            barAlignment: 1,
            lineWidth: 0,
            fillOpacity: 90,
            showPoints: 'never',
            stacking: { mode: 'normal', group: 'A' },
            axisPlacement: 'auto',
          },
        },
        overrides: partColors(measure, parts),
      },
      options: {
        legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
        tooltip: { mode: 'multi', sort: 'none' },
      },
    };
  },

  map: ({ x, y, states, state }, query) => ({
    type: 'table',
    sql: select([y, x, state], query, [], `order by ${y}, ${x}`),
    transformations: [
      { id: 'groupingToMatrix', options: { columnField: x, rowField: y, valueField: state, emptyValue: 'empty' } },
    ],
    fieldConfig: {
      defaults: {
        mappings: [mapping(Object.fromEntries(states))],
        thresholds: noThresholds,
        custom: { align: 'center', cellOptions: { type: 'color-background', mode: 'basic' }, minWidth: 90 },
      },
      overrides: [
        {
          matcher: { id: 'byName', options: `${y}\\${x}` },
          properties: [
            { id: 'displayName', value: labelOf(y) },
            { id: 'custom.cellOptions', value: { type: 'auto' } },
            { id: 'custom.width', value: 220 },
          ],
        },
      ],
    },
    options: { showHeader: true, cellHeight: 'sm' },
  }),

  table({ columns: shown, order, limit, where, time }, query) {
    const asked = shown.map((column) => `${column} as "${labelOf(column)}"`);
    const inTime = time === undefined ? undefined : `$__timeFilter(${time})`;
    const by = order.map((column) => (column.startsWith('-') ? `${column.slice(1)} desc` : column)).join(', ');
    return {
      type: 'table',
      sql: select(asked, query, [where, inTime], `order by ${by}\nlimit ${limit}`),
      fieldConfig: {
        defaults: {
          mappings: [],
          thresholds: noThresholds,
          custom: { align: 'auto', cellOptions: { type: 'auto' }, wrapText: true, inspect: true, filterable: true },
        },
        overrides: shown
          .filter((column) => words[column] !== undefined)
          .map((column) => ({
            matcher: { id: 'byName', options: labelOf(column) },
            properties: [
              { id: 'mappings', value: [mapping(words[column])] },
              { id: 'custom.cellOptions', value: { type: 'color-text' } },
              { id: 'custom.width', value: 110 },
            ],
          })),
      },
      options: { showHeader: true, cellHeight: 'sm' },
    };
  },
};

/** Words that have a color of their own in a table. */
const words = {
  severity: { critical: colors.critical, high: colors.high, medium: colors.medium, low: colors.low },
  status: { fail: colors.fail, unknown: colors.unknown, waived: colors.waived, pass: colors.pass },
  outcome: { denied: colors.fail, failed: colors.fail, skipped: colors.unknown },
  approval: { approved: colors.pass, 'not approved': colors.fail, 'refused by AWS': colors.unknown },
};

const noThresholds = { mode: 'absolute', steps: [{ color: 'text', value: null }] };

function mapping(colorOf) {
  const options = Object.entries(colorOf).map(([text, color], index) => [text, { text, color, index }]);
  return { type: 'value', options: Object.fromEntries(options) };
}

/** A column for each part: Grafana draws columns, and has to know their colors beforehand. */
function partsOf(measure, parts) {
  if (parts === undefined) return [`${measure.sql} as "${measure.label}"`];
  return Object.keys(parts.values).map(
    (value) => `coalesce(${measure.sql} filter (where ${parts.column} = '${value}'), 0) as "${value}"`,
  );
}

function partColors(measure, parts) {
  return Object.entries(parts?.values ?? { [measure.label]: measure.color }).map(([name, color]) => ({
    matcher: { id: 'byName', options: name },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }],
  }));
}

/** `sqlstring` quotes what the variable holds, one value or several. */
const byVariable = {
  organization_id: 'organization_id in (${organization:sqlstring})',
  severity: 'severity in (${severity:sqlstring})',
};

function select(asked, { name, sql, columns: known }, conditions, rest = '') {
  const isList = asked[0].startsWith('distinct');
  const all = [
    ...conditions.filter((condition) => condition !== undefined),
    ...(isList
      ? []
      : Object.keys(byVariable)
          .filter((column) => column in known)
          .map((column) => byVariable[column])),
  ];
  const where = all.length === 0 ? [] : [`where ${all.join('\n    and ')}`];
  return [
    `select\n    ${asked.join(',\n    ')}`,
    `from (\n${sql.replaceAll(/^(?=.)/gm, '    ')}\n) as ${name}`,
    ...where,
    ...(rest === '' ? [] : [rest]),
  ].join('\n');
}
