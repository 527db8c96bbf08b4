import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { expect, test } from 'vitest';
import { loadReportInput, loadRules, runRules } from '../../src/rules/index.js';
import { textReport } from '../../src/report/index.js';
import { close, here, organization, queriesDir } from './database.js';

// Not in every run: PERFORMANCE=1 npx vitest run test/rules/performance.test.ts
test.runIf(process.env['PERFORMANCE'] !== undefined)(
  '50,000 accounts, 2,000 organizational units, 500 SCPs',
  async () => {
    const given = await organization(await readFile(join(here, 'performance.sql'), 'utf8'));
    const lines: string[] = [];
    const time = async <Value>(what: string, work: () => Promise<Value>): Promise<Value> => {
      const start = performance.now();
      const value = await work();
      lines.push(`${what}: ${((performance.now() - start) / 1000).toFixed(2)} s`);
      return value;
    };
    for (const view of ['guardrails', 'account_guardrails']) {
      // What a tool that copies the view reads, without the way to this process.
      const { rows } = await time(`delegation.${view}`, () =>
        given.client.query<{ rows: string; bytes: string }>(
          `select count(*) as rows, sum(length(${view}::text)) as bytes from delegation.${view}`,
        ),
      );
      const [{ rows: count, bytes } = { rows: '0', bytes: '0' }] = rows;
      lines.push(`  ${count} rows, ${Math.round(Number(bytes) / 1e6)} MB of text`);
      expect(Number(count)).toBeGreaterThan(500_000);
    }
    await time('delegation.guardrails of one account', () =>
      given.client.query(`select * from delegation.guardrails where account_id = '200000000007'`),
    );
    lines.push(`  ${await peakMemory(given.client)}`);
    for (const { id } of await loadRules(queriesDir)) {
      const run = await time(id, () => runRules(given.client, { queriesDir, rules: [id], write: false }));
      lines.push(`  ${run.all.length} rows`);
    }
    const run = await time('all, and writing aws_policy_results', () => runRules(given.client, { queriesDir }));
    expect(run.all.length).toBeGreaterThan(50_000);
    const input = await time('delegations', () => loadReportInput(given.client, run));
    // As people ask them: the rules bring planner settings of their own, and install.sql analyzes.
    await given.client.query('analyze');
    for (const view of ['delegations', 'holders', 'service_regions', 'resource_policy_grants']) {
      await time(`delegation.${view}`, () => given.client.query(`select * from delegation.${view}`));
    }
    await time('text', () => Promise.resolve(textReport(input, { width: 120, color: false })));
    console.info(lines.join('\n'));
    await close(given);
  },
  600_000,
);

/** The most that the server process of this connection ever held, shared buffers included; where /proc is there. */
async function peakMemory(client: Client): Promise<string> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  try {
    const status = await readFile(`/proc/${String(rows[0]?.pid)}/status`, 'utf8');
    return `PostgreSQL held at most${/VmHWM:(.*)/.exec(status)?.[1]?.replace(/\s+/, ' ') ?? ' ?'}`;
  } catch {
    return 'what PostgreSQL held is not known here';
  }
}
