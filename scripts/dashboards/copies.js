// Datasets for the tools that have no dashboard of ours: a query of its own in the words of each.

const generated = 'Made by `npm run generate` from dashboards/queries';

/** A question of Metabase. What is in [[ ]] counts only where the variable {{organization}} has a value. */
export function metabaseQuestion({ name, title, row, sql }) {
  return [
    `-- ${title}: one row is ${row}.`,
    `-- ${generated}/${name}.sql.`,
    'select *',
    `from (\n${sql.replaceAll(/^(?=.)/gm, '    ')}\n) as ${name}`,
    '[[where organization_id = {{organization}}]]',
    '',
  ].join('\n');
}

/** A query of Power Query, for the Advanced Editor. Server and Database are parameters of the report. */
export function powerQuery({ name, title, row, sql }) {
  return [
    `// ${title}: one row is ${row}.`,
    `// ${generated}/${name}.sql.`,
    'let',
    '    Source = PostgreSQL.Database(Server, Database),',
    // Folded: Power BI puts its filters into the question, and reads only what they leave.
    `    Rows = Value.NativeQuery(Source, "${textLiteral(sql)}", null, [EnableFolding = true])`,
    'in',
    '    Rows',
    '',
  ].join('\n');
}

/** In M, " is doubled, and #( begins an escape. */
function textLiteral(text) {
  return text.replaceAll('#(', '#(#)(').replaceAll('"', '""');
}
