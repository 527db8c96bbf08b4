import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '..', '..', 'compose', 'nightly.sh');

/** A clock that only `sleep` and the runs move. */
const programs = {
  date: `case "$*" in *-d*) exec /bin/date "$@" ;; *) exec /bin/date -d "@$(cat "$CLOCK")" "$@" ;; esac`,
  sleep: `echo "$1" >>"$SLEPT"; echo $(($(cat "$CLOCK") + $1)) >"$CLOCK"`,
  // A line of the plan is a night: the exit codes of sync, check and report. Where there is none left, it is told to stop.
  'aws-delegation': `
    read -r sync check report <"$PLAN" || { kill -TERM "$PPID"; exit 0; }
    echo "$*" >>"$CALLS"
    echo $(($(cat "$CLOCK") + 60)) >"$CLOCK"
    case "$1" in
      sync) exit "$sync" ;;
      check) echo "verdicts of $(cat "$CLOCK")"; exit "$check" ;;
      report) echo '<html>' >"$4"; sed -i 1d "$PLAN"; exit "$report" ;;
    esac`,
} as const;

let folder: string;
let reports: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-delegation-nightly-'));
  reports = join(folder, 'reports');
  await Promise.all([mkdir(reports), mkdir(join(folder, 'bin'))]);
  for (const [name, text] of Object.entries(programs)) await program(name, text);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function program(name: string, text: string): Promise<void> {
  const path = join(folder, 'bin', name);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
}

const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '');

interface Nights {
  readonly code: number | null;
  /** What the script said, without the times in front. */
  readonly said: readonly string[];
  readonly slept: readonly number[];
}

async function nights(start: string, plan: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Nights> {
  await writeFile(join(folder, 'clock'), `${Date.parse(start) / 1000}\n`);
  await writeFile(join(folder, 'plan'), plan.map((line) => `${line}\n`).join(''));
  const child = spawn('sh', [script], {
    env: {
      PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter),
      CLOCK: join(folder, 'clock'),
      PLAN: join(folder, 'plan'),
      CALLS: join(folder, 'calls'),
      SLEPT: join(folder, 'slept'),
      REPORTS: reports,
      TMPDIR: folder,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  const lines = output.trim().split('\n');
  for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ nightly: /);
  return {
    code,
    said: lines.map((line) => line.replace(/^\S+ nightly: /, '')),
    slept: (await read('slept')).trim().split('\n').map(Number),
  };
}

const endings = ({ said }: Nights) => said.filter((line) => line.startsWith('this night'));

describe('compose/nightly.sh', () => {
  it('runs at once and then each night, and says when the next one is', async () => {
    const ended = await nights('2026-11-30T01:00:00Z', ['0 1 0', '2 2 0', '0 0 0'], { NIGHTLY_AT: '02:30' });
    expect(endings(ended)).toEqual([
      'this night is done; the next one begins at 2026-11-30T02:30:00Z',
      'this night is done; the next one begins at 2026-12-01T02:30:00Z',
      'this night is done; the next one begins at 2026-12-02T02:30:00Z',
    ]);
    expect(ended.said.slice(0, 4)).toEqual([
      'sync',
      'sync ended with 0; check',
      'check ended with 1; report',
      'report ended with 0',
    ]);
    expect(await read('calls')).toBe(
      ['sync spec.yml', 'check spec.yml --format markdown', `report --no-install -o ${reports}/.report`, '']
        .join('\n')
        .repeat(3),
    );
    expect(await read('night')).toBe('good sync=0 check=0 report=0\n');
    // A night that is late by what a machine slept is late by a quarter of an hour at most.
    expect(Math.max(...ended.slept)).toBe(900);
    expect(ended.code).toBe(0);
    expect(ended.said.at(-1)).toBe('stopping');
  });

  it.each([
    ['08:09', '2026-12-31T23:00:00Z', '2027-01-01T08:09:00Z'],
    ['00:00', '2028-02-28T20:00:00Z', '2028-02-29T00:00:00Z'],
    ['23:59', '2026-06-01T23:50:00Z', '2026-06-01T23:59:00Z'],
  ])('at %s, from %s, the next night is %s', async (at, start, next) => {
    expect(endings(await nights(start, ['0 0 0'], { NIGHTLY_AT: at }))).toEqual([
      `this night is done; the next one begins at ${next}`,
    ]);
  });

  it.each([
    ['4 1 0', 'sync 4, check 1, report 0'],
    ['130 1 0', 'sync 130, check 1, report 0'],
    ['0 4 0', 'sync 0, check 4, report 0'],
    ['0 1 4', 'sync 0, check 1, report 4'],
  ])('a night that ends with %s is told, survived, and tried again after an hour', async (failing, codes) => {
    const ended = await nights('2026-11-30T22:00:00Z', [failing, failing, '0 1 0']);
    expect(endings(ended)).toEqual([
      `this night FAILED (${codes}); the next one begins at 2026-11-30T23:03:00Z`,
      `this night FAILED (${codes}); the next one begins at 2026-12-01T00:06:00Z`,
      'this night is done; the next one begins at 2026-12-01T02:30:00Z',
    ]);
    expect(await read('night')).toBe('good sync=0 check=1 report=0\n');
  });

  it('is not healthy after a night that failed, and never later than the next night', async () => {
    const ended = await nights('2026-11-30T02:00:00Z', ['4 1 0']);
    expect(endings(ended)).toEqual([
      'this night FAILED (sync 4, check 1, report 0); the next one begins at 2026-11-30T02:30:00Z',
    ]);
    expect(await read('night')).toBe('failed sync=4 check=1 report=0\n');
  });

  it('keeps the reports of KEEP_DAYS, and the newest ones under names that stay', async () => {
    for (const [name, days] of [
      ['report-2026-08-01.html', 12],
      ['check-2026-08-01.md', 12],
      ['report-2026-11-28.html', 2],
      ['notes.txt', 400],
    ] as const) {
      await writeFile(join(reports, name), 'old');
      const then = Date.now() / 1000 - days * 86_400;
      await utimes(join(reports, name), then, then);
    }
    await nights('2026-11-30T12:00:00Z', ['0 1 0', '0 4 4'], { KEEP_DAYS: '10', NIGHTLY_AT: '13:00' });
    const kept = (await readdir(reports)).filter((name) => !name.startsWith('.')).sort();
    expect(kept).toEqual([
      'check-2026-11-30.md',
      'check.md',
      'notes.txt',
      'report-2026-11-28.html',
      'report-2026-11-30.html',
      'report.html',
    ]);
    // The second night failed: what it left is not taken for a report.
    expect(await readFile(join(reports, 'check.md'), 'utf8')).toBe(
      await readFile(join(reports, 'check-2026-11-30.md'), 'utf8'),
    );
  });

  it.each([
    [{ NIGHTLY_AT: '2:30' }, `NIGHTLY_AT is '2:30': give hours and minutes, such as 02:30`],
    [{ NIGHTLY_AT: '24:00' }, `NIGHTLY_AT is '24:00': give hours and minutes, such as 02:30`],
    [{ KEEP_DAYS: 'all' }, `KEEP_DAYS is 'all': give a number of days, such as 90`],
  ])('%o is refused before anything is run', async (env, text) => {
    const ended = await nights('2026-11-30T12:00:00Z', ['0 0 0'], env);
    expect(ended).toMatchObject({ code: 3, said: [text] });
    expect(await read('calls')).toBe('');
  });

  it('told to stop in the middle of a sync, it tells the sync and waits for it', async () => {
    await program(
      'aws-delegation',
      `trap 'echo "$1 was told" >>"$CALLS"; kill "$!"; exit 130' TERM
       /bin/sleep 30 >/dev/null 2>&1 &
       kill -TERM "$PPID"
       wait "$!"`,
    );
    const ended = await nights('2026-11-30T12:00:00Z', ['0 0 0']);
    expect(ended).toMatchObject({ code: 0, said: ['sync', 'stopping'] });
    expect(await read('calls')).toBe('sync was told\n');
  });
});
