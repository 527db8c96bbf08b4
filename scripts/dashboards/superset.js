import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { charts, filters, layout } from './charts.js';
import { labelOf } from './queries.js';

/** Superset knows a thing by its UUID: the same from version to version, so that an import finds what an earlier one has made. */
function uuid(name) {
  const hash = createHash('sha1').update(`aws-delegation/superset/${name}`).digest();
  hash[6] = (hash[6] & 0x0f) | 0x50;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const databaseName = 'aws_delegation';
const version = '1.0.0';

/** The files of the bundle by path. */
export function supersetBundle(queries) {
  const files = {
    'metadata.yaml': { version, type: 'Dashboard', timestamp: '2026-01-01T00:00:00+00:00' },
    [`databases/${databaseName}.yaml`]: database,
    'dashboards/aws_delegation.yaml': dashboard(queries),
  };
  for (const query of Object.values(queries)) files[`datasets/${databaseName}/${query.name}.yaml`] = dataset(query);
  for (const chart of charts) files[`charts/${chart.id}.yaml`] = chartFile(chart, queries[chart.dataset]);
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [
      path,
      stringify(content, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }),
    ]),
  );
}

const database = {
  database_name: databaseName,
  // Without a password: a bundle gets around. docs/bi.md tells where to put it.
  sqlalchemy_uri: 'postgresql+psycopg2://aws_delegation_reader@localhost:5432/aws_delegation',
  cache_timeout: null,
  expose_in_sqllab: true,
  allow_run_async: false,
  allow_ctas: false,
  allow_cvas: false,
  allow_dml: false,
  allow_csv_upload: false,
  extra: { allows_virtual_table_explore: true },
  uuid: uuid('database'),
  version,
};

const supersetTypes = {
  text: 'TEXT',
  'character varying': 'TEXT',
  boolean: 'BOOLEAN',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  numeric: 'NUMERIC',
  'timestamp with time zone': 'TIMESTAMP WITH TIME ZONE',
};

function dataset({ name, title, row, shows, trap, sql, columns }) {
  const ofIt = charts.filter((chart) => chart.dataset === name);
  const measures = new Map([['rows', 'count(*)']]);
  for (const { measure } of ofIt) if (measure !== undefined) measures.set(measure.label, measure.sql);
  return {
    table_name: title,
    main_dttm_col: ofIt.find(({ time }) => time !== undefined)?.time ?? null,
    description: `${capital(`one row is ${row}`)}. ${capital(shows)}. ${capital(trap)}`,
    default_endpoint: null,
    offset: 0,
    cache_timeout: null,
    catalog: null,
    schema: null,
    // Otherwise `superset import-directory` writes the SQL anew, in what it takes for the words of PostgreSQL.
    source_db_engine: 'postgresql',
    sql,
    params: null,
    template_params: null,
    filter_select_enabled: true,
    fetch_values_predicate: null,
    extra: null,
    normalize_columns: false,
    always_filter_main_dttm: false,
    uuid: uuid(`dataset/${name}`),
    metrics: [...measures].map(([label, expression]) => ({
      metric_name: label,
      verbose_name: null,
      metric_type: null,
      expression,
      description: null,
      d3format: null,
      currency: null,
      extra: null,
      warning_text: null,
    })),
    columns: Object.entries(columns).map(([column, type]) => ({
      column_name: column,
      verbose_name: labelOf(column),
      is_dttm: type.startsWith('timestamp'),
      is_active: true,
      type: supersetTypes[type],
      advanced_data_type: null,
      groupby: true,
      filterable: true,
      expression: null,
      description: null,
      python_date_format: null,
      extra: null,
    })),
    version,
    database_uuid: database.uuid,
  };
}

function chartFile(chart, query) {
  const { params, query: asked } = shapes[chart.kind](chart, query);
  const viz = params.viz_type;
  const conditions =
    chart.where === undefined ? [] : [{ expressionType: 'SQL', clause: 'WHERE', sqlExpression: chart.where }];
  const formData = { ...params, adhoc_filters: conditions, extra_form_data: {}, dashboards: [] };
  return {
    slice_name: chart.title,
    description: chart.about,
    certified_by: null,
    certification_details: null,
    viz_type: viz,
    params: formData,
    // What the page asks for by itself, for those who ask without it: reports, the API, and our tests. Importing puts the dataset in.
    query_context: JSON.stringify({
      datasource: { id: 0, type: 'table' },
      force: false,
      queries: [
        {
          filters: [],
          extras: { having: '', where: chart.where === undefined ? '' : `(${chart.where})` },
          applied_time_extras: {},
          annotation_layers: [],
          series_limit: 0,
          url_params: {},
          custom_params: {},
          custom_form_data: {},
          ...asked,
        },
      ],
      form_data: formData,
      result_format: 'json',
      result_type: 'full',
    }),
    cache_timeout: null,
    uuid: uuid(`chart/${chart.id}`),
    version,
    dataset_uuid: uuid(`dataset/${query.name}`),
  };
}

const shapes = {
  number: ({ measure, note, decimals = 0 }) => ({
    params: {
      viz_type: 'big_number_total',
      metric: measure.label,
      subtitle: note,
      header_font_size: 0.5,
      subtitle_font_size: 0.2,
      y_axis_format: `,.${decimals}f`,
      time_format: 'smart_date',
    },
    query: { columns: [], metrics: [measure.label] },
  }),

  bars: ({ by, byName = false, measure, parts, isHorizontal = false }) => ({
    params: {
      viz_type: 'echarts_timeseries_bar',
      x_axis: by,
      xAxisForceCategorical: true,
      metrics: [measure.label],
      groupby: parts === undefined ? [] : [parts.column],
      // By the sum of the parts, which Superset works out on the page; without parts by the metric. By a metric that is not drawn it could
      // order as well, but 6.1 then adds that to the totals that it writes beside the bars.
      x_axis_sort: byName ? by : parts === undefined ? measure.label : 'sum',
      // The first bar of a horizontal chart is the lowest.
      x_axis_sort_asc: byName ? !isHorizontal : isHorizontal,
      orientation: isHorizontal ? 'horizontal' : 'vertical',
      ...bars,
    },
    query: {
      columns: [by, ...(parts === undefined ? [] : [parts.column])],
      metrics: [measure.label],
      orderby: [[measure.label, false]],
      row_limit: bars.row_limit,
      order_desc: true,
    },
  }),

  time: ({ time, measure, parts }) => ({
    params: {
      viz_type: 'echarts_timeseries_bar',
      x_axis: time,
      time_grain_sqla: 'P1D',
      metrics: [measure.label],
      groupby: [parts.column],
      orientation: 'vertical',
      x_axis_time_format: '%Y-%m-%d',
      ...bars,
    },
    query: {
      columns: [
        { columnType: 'BASE_AXIS', sqlExpression: time, label: time, expressionType: 'SQL', timeGrain: 'P1D' },
        parts.column,
      ],
      metrics: [measure.label],
      orderby: [[measure.label, false]],
      row_limit: bars.row_limit,
      order_desc: true,
    },
  }),

  map: ({ x, y, measure, states }) => ({
    params: {
      viz_type: 'heatmap_v2',
      x_axis: x,
      groupby: y,
      metric: measure.label,
      row_limit: 10000,
      sort_x_axis: 'alpha_asc',
      sort_y_axis: 'alpha_desc',
      normalize_across: 'heatmap',
      linear_color_scheme: 'schemeRdYlBu',
      value_bounds: [0, states.length - 1],
      border_color: { r: 255, g: 255, b: 255, a: 1 },
      border_width: 1,
      legend_type: 'continuous',
      show_legend: false,
      show_percentage: false,
      show_values: true,
      bottom_margin: 'auto',
      left_margin: 'auto',
      x_axis_label_rotation: 45,
      y_axis_format: ',d',
      xscale_interval: -1,
      yscale_interval: -1,
    },
    query: { columns: [x, y], metrics: [measure.label], row_limit: 10000, orderby: [] },
  }),

  table: ({ columns, order, limit, time }) => ({
    params: {
      viz_type: 'table',
      query_mode: 'raw',
      all_columns: columns,
      order_by_cols: order.map((column) => JSON.stringify(ordering(column))),
      row_limit: limit,
      page_length: 20,
      include_search: true,
      show_cell_bars: false,
      color_pn: false,
      table_timestamp_format: '%Y-%m-%d %H:%M',
      ...(time === undefined ? {} : { granularity_sqla: time, time_range: 'No filter' }),
    },
    query: { columns, orderby: order.map(ordering), row_limit: limit },
  }),
};

const bars = {
  // Nothing may be cut off: what is missing would count as nothing.
  row_limit: 10000,
  order_desc: true,
  truncate_metric: true,
  stack: 'Stack',
  show_legend: true,
  legendType: 'scroll',
  legendOrientation: 'top',
  rich_tooltip: true,
  showTooltipTotal: true,
  show_value: true,
  only_total: true,
  y_axis_format: ',d',
  y_axis_bounds: [null, null],
  truncateXAxis: false,
  zoomable: false,
  // Each bar has its name, however narrow it is.
  xAxisLabelInterval: '0',
  minorTicks: false,
};

function ordering(column) {
  return column.startsWith('-') ? [column.slice(1), false] : [column, true];
}

function dashboard(queries) {
  const ids = new Map(charts.map(({ id }, index) => [id, index + 1]));
  const labelColors = {};
  for (const { measure, parts } of charts) {
    if (measure?.color !== undefined) labelColors[measure.label] = measure.color;
    Object.assign(labelColors, parts?.values);
  }
  return {
    dashboard_title: 'AWS delegated administration',
    description: 'Who holds which power in an AWS organization, and is that right?',
    css: '',
    slug: 'aws-delegation',
    certified_by: null,
    certification_details: null,
    published: true,
    uuid: uuid('dashboard'),
    position: positions(ids),
    metadata: {
      color_scheme: 'supersetColors',
      label_colors: labelColors,
      shared_label_colors: [],
      color_scheme_domain: [],
      refresh_frequency: 0,
      cross_filters_enabled: true,
      expanded_slices: {},
      timed_refresh_immune_slices: [],
      default_filters: '{}',
      filter_bar_orientation: 'HORIZONTAL',
      chart_configuration: {},
      global_chart_configuration: {},
      native_filter_configuration: filters.map(({ name, column, dataset: from }) => ({
        id: `NATIVE_FILTER-${name.toLowerCase()}`,
        name,
        description: '',
        filterType: 'filter_select',
        type: 'NATIVE_FILTER',
        targets: [{ column: { name: column }, datasetUuid: uuid(`dataset/${from}`) }],
        scope: {
          rootPath: ['ROOT_ID'],
          excluded: charts.filter((chart) => !(column in queries[chart.dataset].columns)).map(({ id }) => ids.get(id)),
        },
        cascadeParentIds: [],
        defaultDataMask: { extraFormData: {}, filterState: {}, ownState: {} },
        controlValues: {
          multiSelect: true,
          enableEmptyFilter: false,
          defaultToFirstItem: false,
          inverseSelection: false,
          searchAllOptions: false,
        },
      })),
    },
    version,
  };
}

function positions(ids) {
  const all = {
    DASHBOARD_VERSION_KEY: 'v2',
    ROOT_ID: { type: 'ROOT', id: 'ROOT_ID', children: ['GRID_ID'] },
    HEADER_ID: { type: 'HEADER', id: 'HEADER_ID', meta: { text: 'AWS delegated administration' } },
  };
  const rows = (named, parents, list) =>
    list.map((row, index) => {
      const rowId = `ROW-${named}-${index + 1}`;
      const children = row.map(([id, width, height]) => {
        if (typeof id === 'object') {
          const textId = `MARKDOWN-${id.id}`;
          const meta = { code: id.text, width, height };
          all[textId] = { type: 'MARKDOWN', id: textId, children: [], parents: [...parents, rowId], meta };
          return textId;
        }
        const chartId = `CHART-${id}`;
        const { title } = charts.find((chart) => chart.id === id);
        all[chartId] = {
          type: 'CHART',
          id: chartId,
          children: [],
          parents: [...parents, rowId],
          meta: { chartId: ids.get(id), uuid: uuid(`chart/${id}`), sliceName: title, width, height },
        };
        return chartId;
      });
      all[rowId] = { type: 'ROW', id: rowId, children, parents, meta: { background: 'BACKGROUND_TRANSPARENT' } };
      return rowId;
    });
  const grid = ['ROOT_ID', 'GRID_ID'];
  const top = rows('top', grid, layout.top);
  const tabs = layout.tabs.map(({ title, rows: list }, index) => {
    const id = `TAB-${index + 1}`;
    const parents = [...grid, 'TABS-1'];
    all[id] = { type: 'TAB', id, parents, meta: { text: title }, children: rows(index + 1, [...parents, id], list) };
    return id;
  });
  all['TABS-1'] = { type: 'TABS', id: 'TABS-1', parents: grid, meta: {}, children: tabs };
  all.GRID_ID = { type: 'GRID', id: 'GRID_ID', parents: ['ROOT_ID'], children: [...top, 'TABS-1'] };
  return all;
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
