import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { connect, disconnect, openEmbedded, stopEmbedded } from '../dist/src/postgres/index.js';
import { loadReportInput, loadRules, runRules } from '../dist/src/rules/index.js';
import { textReport } from '../dist/src/report/index.js';
import { amount, median, result } from './results.js';

const queriesDir = fileURLToPath(new URL('../queries', import.meta.url));

/** The rules over an organization with so many accounts; with `--each` also every rule on its own. */
export async function measureRules({ rounds, scaled, each, directory, signal, tell }) {
  const sizes = [1_000, 10_000, 50_000].map(scaled);
  const home = join(directory, 'rules');
  const embedded = await openEmbedded({ name: 'bench', home });
  try {
    const measured = [];
    for (const accounts of sizes) {
      const one = await ofSize({ accounts, rounds, each, url: embedded.url, signal, tell });
      tell(`rules, ${accounts} accounts: ${amount(one.rules, 's')}, ${one.verdicts} verdicts`);
      measured.push(one);
    }
    return {
      results: measured.flatMap((one, index) => {
        const of = { count: sizes[index], of: 'accounts' };
        const isLargest = index === sizes.length - 1;
        return [
          result({
            what: 'the rules, and what they stand on',
            ...of,
            unit: 's',
            ours: one.rules,
            target: isLargest ? { of: 'ours', atMost: 5 } : null,
          }),
          result({ what: 'a run: the same, kept and read back', ...of, unit: 's', ours: one.run }),
          result({ what: 'the report of it, as text', ...of, unit: 's', ours: one.report }),
          result({ what: 'most memory of the server process', ...of, unit: 'bytes', ours: one.peakBytes }),
          result({ what: 'size of aws_policy_results', ...of, unit: 'bytes', ours: one.storedBytes }),
        ];
      }),
      lists: each
        ? [
            {
              head: ['rule', ...sizes.map((accounts) => `${accounts.toLocaleString('en')} accounts`)],
              rows: Object.keys(measured[0].each).map((id) => [
                id,
                ...measured.map((one) => amount(one.each[id], 's')),
              ]),
            },
          ]
        : [],
    };
  } finally {
    await embedded.release();
    await stopEmbedded({ name: 'bench', home });
  }
}

async function ofSize({ accounts, rounds, each, url, signal, tell }) {
  signal.throwIfAborted();
  const { fillLargeOrganization } = await tsImport('../test/rules/large_organization.ts', import.meta.url);
  tell(`rules: making ${accounts} accounts`);
  const client = await connect(await newDatabase(url, `accounts_${accounts}`));
  try {
    await fillLargeOrganization(client, accounts);
    const seconds = { rules: [], run: [], report: [] };
    let run;
    for (let round = 0; round < rounds; round++) {
      signal.throwIfAborted();
      await client.query('begin');
      seconds.rules.push(await timed(() => client.query(rulesOfARun)));
      await client.query('rollback');
      seconds.run.push(await timed(async () => (run = await runRules(client, { queriesDir }))));
      const input = await loadReportInput(client, run);
      seconds.report.push(await timed(() => textReport(input, { width: 120, color: false })));
    }
    if (run.all.length <= accounts) throw new Error(`${run.all.length} verdicts over ${accounts} accounts`);
    const peakBytes = await peakMemory(client);
    await client.query('vacuum full aws_policy_results');
    const { rows } = await client.query("select pg_total_relation_size('aws_policy_results')::float8 as bytes");
    return {
      rules: median(seconds.rules),
      run: median(seconds.run),
      report: median(seconds.report),
      verdicts: run.all.length,
      peakBytes,
      storedBytes: rows[0].bytes,
      each: each ? await eachRule(client) : {},
    };
  } finally {
    await disconnect(client);
  }
}

async function newDatabase(url, name) {
  const client = await connect(url);
  try {
    await client.query(`create database ${name}`);
  } finally {
    await disconnect(client);
  }
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

/** What `keep_results` does before it writes: what the rules stand on, and the rules. */
const rulesOfARun = `
do $$
declare
    noted record;
begin
    set local jit = off;
    set local enable_nestloop = off;
    set local enable_mergejoin = off;
    set local work_mem = '64MB';
    for noted in select view_name, kept_for from delegation.noted_views order by position loop
        if noted.kept_for is null then
            perform delegation.note_view(noted.view_name);
        else
            execute format('create temporary table %I on commit drop as select live.* from delegation.%I as live', 'aws_delegation_' || noted.view_name, 'live_' || noted.view_name);
        end if;
    end loop;
    perform count(*) from delegation.judge(null);
end
$$`;

/** Alone, each pays for what it stands on. */
async function eachRule(client) {
  const seconds = {};
  for (const { id } of await loadRules(queriesDir)) {
    seconds[id] = await timed(() => client.query('select count(*) from delegation.judge($1)', [[id]]));
  }
  return seconds;
}

async function timed(work) {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** The most that the server process of this connection ever held, shared buffers included; 0 where there is no /proc. */
async function peakMemory(client) {
  const { rows } = await client.query('select pg_backend_pid() as pid');
  const status = await readFile(`/proc/${rows[0].pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
