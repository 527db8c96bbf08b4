import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot, queriesDirectory } from '../../src/cli/package.js';
import { htmlReport, pageData, type PageInput } from '../../src/report/index.js';
import { installViews, loadPage, loadRules, runRules, type PageRow, type PageRows } from '../../src/rules/index.js';
import { sections } from '../../src/page/route.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { chromiumArguments, findChromium } from '../support/chromium.js';
import { run } from '../support/cli.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';

const executablePath = findChromium();
if (executablePath === undefined) {
  process.stdout.write('tests of the report in a browser left out: there is no Chromium in PATH, nor in CHROMIUM\n');
}

const hostile =
  '<img src=x onerror="window.attacked=1"><script>window.attacked=1</script> \u202egnp.exe\u0007 ${x} {{x}} \'"`';
const shown = hostile.replace('\u202e', '\ufffd').replace('\u0007', '\ufffd');

/** Each section, and a page of each kind that is in them. */
const places = [
  ...sections.map(({ id }) => id),
  'services/guardduty',
  'services/guardduty/ap-southeast-2',
  'organization/ou-exam-workload',
  'holders/222233334444',
  'rules/scp_prevents_leaving',
  'search/macie',
];

describe.skipIf(executablePath === undefined)('the report in Chromium', { timeout: 120_000 }, () => {
  let folder: string;
  let simulator: Simulator;
  let database: FreshDatabase;
  let browser: Browser;
  let input: PageInput;
  let empty: PageInput;
  let axe: string;
  const open: BrowserContext[] = [];

  /** A page of its own on this report; requests of it that are for anything but the file itself are in `asked`. */
  async function show(
    name: string,
    hash = '',
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; asked: string[] }> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      colorScheme: 'light',
      ...options,
    });
    open.push(context);
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().split('#')[0] !== `file://${join(folder, name)}`) asked.push(request.url());
    });
    await page.goto(`file://${join(folder, name)}${hash}`);
    await page.waitForSelector('h1');
    return { page, asked };
  }

  /** A report with these rows in place of the real ones. */
  async function write(
    name: string,
    given: PageInput,
    change: (rows: PageRows) => PageRows = (rows) => rows,
  ): Promise<void> {
    const read = (file: string): Promise<string> => readFile(join(packageRoot, 'dist', 'page', file), 'utf8');
    const bundle = { script: await read('page.js'), style: await read('page.css') };
    writeFileSync(join(folder, name), htmlReport({ ...given, rows: change(given.rows) }, bundle));
  }

  async function load(connected: FreshDatabase): Promise<PageInput> {
    const client = await connected.connect();
    await installViews(client, queriesDirectory);
    let rows: PageRows | undefined;
    const judged = await runRules(client, {
      queriesDir: queriesDirectory,
      onSnapshot: async () => {
        rows = await loadPage(client);
      },
    });
    if (!rows) throw new Error('The page was not loaded.');
    return { ...judged, rows, rules: await loadRules(queriesDirectory), version: '0.1.0' };
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'report-'));
    simulator = await startSimulator({ scenario: 'demo' });
    database = await freshDatabase();
    const nothing = await freshDatabase();
    const spec = join(folder, 'spec.yml');
    writeFileSync(
      spec,
      `kind: source
spec:
  name: prod
  registry: local
  path: bin/aws-delegation
  tables: ['*']
  destinations: [postgresql]
  spec:
    owners: {infosec: {accounts: ['222233334444']}}
    delegated_admin_role_name: OrgAudit
    waivers: [{rule: scp_prevents_leaving, account: '272727272727', reason: It is being sold, approved_by: Ada, expires: 2999-01-01}]
`,
    );
    const synced = await run(['sync', spec, '--database', database.url], {
      cwd: folder,
      env: {
        AWS_ENDPOINT_URL: simulator.url,
        AWS_ACCESS_KEY_ID: 'simulated',
        AWS_SECRET_ACCESS_KEY: 'simulated',
        AWS_REGION: 'us-east-1',
      },
    });
    // A role that cannot be assumed is a part of it.
    if (!synced.stderr.includes('3 denied')) throw new Error(synced.stderr);
    [input, empty] = [await load(database), await load(nothing)];
    await nothing.drop();
    axe = await readFile(join(packageRoot, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
    await write('demo.html', input);
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: chromiumArguments,
    });
  });
  afterAll(async () => {
    await (browser as Browser | undefined)?.close();
    await database.drop();
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  /** Ends what a test opened, so that no page goes on in the background. */
  async function closing<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } finally {
      await Promise.all(open.splice(0).map((context) => context.close()));
    }
  }

  it.each(['light', 'dark'] as const)('has no fault that axe finds, in %s colours', (colorScheme) =>
    closing(async () => {
      const { page } = await show('demo.html', '', { colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(axe);
      for (const place of places) {
        await go(page, place);
        const faults = await page.evaluate(async () => {
          const { violations } = await (
            window as unknown as {
              axe: {
                run: (
                  options: object,
                ) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
              };
            }
          ).axe.run({ resultTypes: ['violations'] });
          return violations.map(
            ({ id, nodes }) =>
              `${id}: ${nodes
                .slice(0, 2)
                .map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ''}`)
                .join(' | ')}`,
          );
        });
        expect(faults, place).toEqual([]);
      }
    }),
  );

  it('asks nobody anything, and cannot', () =>
    closing(async () => {
      let count = 0;
      const server: Server = createServer((_request, response) => {
        count++;
        response.setHeader('access-control-allow-origin', '*').end('got it');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      try {
        const { page, asked } = await show('demo.html');
        for (const place of places) await go(page, place);
        expect(asked).toEqual([]);
        const outcomes = await page.evaluate(async (to) => {
          const settled = (make: (done: (outcome: string) => void) => void): Promise<string> =>
            new Promise((resolve) => {
              make(resolve);
            });
          return {
            fetch: await fetch(to).then(
              () => 'reached',
              () => 'refused',
            ),
            image: await settled((done) => {
              const image = new Image();
              image.onload = () => {
                done('reached');
              };
              image.onerror = () => {
                done('refused');
              };
              image.src = to;
            }),
            frame: await settled((done) => {
              const frame = document.createElement('iframe');
              addEventListener('securitypolicyviolation', () => {
                done('refused');
              });
              frame.src = to;
              document.body.append(frame);
              setTimeout(() => {
                done('nothing');
              }, 2000);
            }),
            beacon: navigator.sendBeacon(to) ? 'queued' : 'refused',
            markup: (() => {
              try {
                document.body.innerHTML = '<p>';
                return 'written';
              } catch {
                return 'refused';
              }
            })(),
          };
        }, url);
        expect(outcomes).toMatchObject({ fetch: 'refused', image: 'refused', frame: 'refused', markup: 'refused' });
        expect(count).toBe(0);
      } finally {
        server.close();
      }
    }));

  it('shows hostile names as text, and runs none of them', () =>
    closing(async () => {
      // Whatever is a text of somebody's choosing.
      const poisoned = (row: PageRow): PageRow =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => {
            const isChosen = [
              'name',
              'account_name',
              'service_name',
              'path',
              'reason',
              'message',
              'error',
              'sid',
              'principal',
              'target_name',
              'session',
              'before',
              'after',
              'owner',
              'selectors',
              'approved_by',
              'status',
              'setting',
              'problem',
              'notes',
              'read_error',
            ].includes(name);
            return [name, isChosen && typeof value === 'string' && row['action'] !== value ? hostile : value];
          }),
        );
      await write(
        'hostile.html',
        {
          ...input,
          results: input.results.map((result) => ({
            ...result,
            reason: `${hostile} ${result.reason}`,
            remediation: hostile,
            waiver: result.waiver === null ? null : hostile,
          })),
        },
        ({ sets, ...others }) => ({
          ...others,
          sets: Object.fromEntries(
            Object.entries(sets).map(([name, rows]) => [name, rows.map(poisoned)]),
          ) as unknown as PageRows['sets'],
        }),
      );
      const { page, asked } = await show('hostile.html');
      const faults: string[] = [];
      page.on('pageerror', ({ message }) => faults.push(message));
      page.on('dialog', (dialog) => {
        faults.push(dialog.message());
        void dialog.dismiss();
      });
      for (const place of [...places, `search/${encodeURIComponent(hostile)}`]) {
        await go(page, place);
        expect(await page.locator('main img, main script').count(), place).toBe(0);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), place).toBe(true);
      }
      await go(page, 'holders');
      expect(await page.locator('main').innerText()).toContain(shown);
      expect(await page.evaluate(() => (window as unknown as { attacked?: number }).attacked)).toBeUndefined();
      expect([...faults, ...asked]).toEqual([]);
    }));

  it('says on the first screen how things stand, and what was not read', () =>
    closing(async () => {
      const { page } = await show('demo.html');
      const screen = await page.locator('main').innerText();
      const all = input.all.filter(({ status }) => status === 'fail').length;
      expect(screen).toContain(`${all.toLocaleString('en-US')} findings`);
      // It is within the first 800 pixels.
      const notice = page.locator('.notice').first();
      expect(await notice.innerText()).toMatch(/3 reads did not get through/);
      expect((await notice.boundingBox())?.y).toBeLessThan(500);
      const counts = await page.locator('.board tfoot td.number').allInnerTexts();
      const count = (status: string): string =>
        input.all.filter((result) => result.status === status).length.toLocaleString('en-US');
      expect(counts).toEqual(['fail', 'unknown', 'waived', 'pass', 'not_applicable'].map(count));
      expect(await page.locator('.tile-unknown .icon-unknown').count()).toBeGreaterThan(0);
      expect(await page.locator('.tile-unknown .icon-pass').count()).toBe(0);
    }));

  it('draws nothing read as nothing read', () =>
    closing(async () => {
      await write('empty.html', empty);
      const { page, asked } = await show('empty.html');
      expect(await page.locator('h1').innerText()).toBe('Nothing was read yet');
      expect(await page.locator('main').innerText()).not.toMatch(/No finding|pass/);
      for (const { id } of sections) await go(page, id);
      expect(asked).toEqual([]);
    }));

  it('tells nobody, not read and not in this Region apart in the matrix', () =>
    closing(async () => {
      await write('unread.html', input, ({ sets, ...others }) => ({
        ...others,
        sets: {
          ...sets,
          questions: sets.questions.map((row) =>
            row['service'] === 'guardduty' && row['region'] === 'eu-west-1'
              ? { ...row, was_read: false, cause: 'unread', error: 'it was denied' }
              : row,
          ),
          delegations: sets.delegations.filter(
            (row) => row['service'] !== 'guardduty' || row['region'] !== 'eu-west-1',
          ),
        },
      }));
      const { page } = await show('unread.html', '#/services');
      const cell = async (service: string, region: string): Promise<string> =>
        (await page.locator(`.matrix a[href="#/services/${service}/${region}"]`).textContent()) ?? '';
      expect(await cell('guardduty', 'eu-west-1')).toContain('not read');
      expect(await cell('macie', 'ca-west-1')).toContain('not in this Region');
      expect(await cell('security-hub-cspm', 'ca-west-1')).toContain('nobody');
      expect(await cell('guardduty', 'ap-southeast-2')).toContain(
        'Organizations names Security Tooling, and the service itself Log Archive',
      );
      await page.locator('.matrix a[href="#/services/guardduty/ap-southeast-2"]').click();
      expect(await page.locator('h1').innerText()).toBe('Amazon GuardDuty in ap-southeast-2');
      expect(await page.locator('.verdicts').innerText()).toContain(
        'Organizations and the service name the same administrators',
      );
    }));

  it('can be walked by the keyboard', () =>
    closing(async () => {
      const { page } = await show('demo.html');
      const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent.trim() ?? '');
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
      await page.keyboard.press('/');
      await page.keyboard.type('log archive');
      await page.waitForSelector('.hits');
      expect(page.url()).toContain('#/search/log%20archive');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('search');
      await page.locator('nav a', { hasText: 'Services' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement?.textContent === 'Services');
      const [first] = await page.locator('.matrix [data-cell="0-0"]').all();
      await first?.focus();
      for (const key of [
        'ArrowDown',
        'ArrowRight',
        'ArrowRight',
        'ArrowRight',
        'End',
        'Home',
        'ArrowRight',
        'ArrowRight',
      ])
        await page.keyboard.press(key);
      expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['cell'])).toBe('1-2');
      expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).toBe(
        'solid',
      );
      // The matrix is one stop of the Tab key.
      expect(await page.locator('.matrix [tabindex="0"]').count()).toBe(1);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.trail');
    }));

  it('can be searched, filtered and sorted', () =>
    closing(async () => {
      const { page } = await show('demo.html', '#/holders');
      const names = (): Promise<string[]> => page.locator('.data-table tbody th .chip-name bdi').allInnerTexts();
      const before = await names();
      await page.getByRole('button', { name: 'Holder', exact: true }).click();
      expect(await names()).toEqual([...before].sort((left, right) => left.localeCompare(right)));
      expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('ascending');
      await page.getByRole('button', { name: 'Services', exact: true }).click();
      expect((await names())[0]).toBe('Security Tooling');
      await page.getByLabel('Filter').fill('backup org');
      expect(await names()).toEqual(['Backup']);
      expect(await page.locator('.found').innerText()).toBe('1 of 8 rows');
      await page.getByLabel('Filter').fill('nobody at all');
      expect(await page.locator('.empty').innerText()).toContain('None of 8');
      await go(page, 'rules');
      const all = await page.locator('.rule').count();
      await page.getByRole('group', { name: 'Severity' }).getByText('critical').click();
      const critical = input.rules.filter(({ severity }) => severity === 'critical').length;
      expect([await page.locator('.rule').count(), all]).toEqual([critical, input.rules.length]);
      await page.getByLabel('Search everything').fill('272727272727');
      await page.waitForSelector('.hits');
      await page.locator('.hits a', { hasText: 'Acquired Startup' }).first().click();
      await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Acquired Startup');
      expect(await page.locator('main').innerText()).toContain('It is being sold');
      // One step back leaves the account, the next the search.
      await page.goBack();
      await page.waitForSelector('.hits');
      await page.goBack();
      await page.waitForSelector('.rule');
    }));

  it('opens where its address says', () =>
    closing(async () => {
      const { page } = await show('demo.html', '#/holders/222233334444');
      expect(await page.locator('h1').innerText()).toBe('Security Tooling');
      const services = new Set(
        input.rows.sets.delegations.filter(({ account }) => account === '222233334444').map(({ service }) => service),
      );
      expect(await page.locator('.holdings > li').count()).toBe(services.size);
      expect(await page.locator('.facts').first().innerText()).toMatch(/Members in reach\s+20/);
      expect(await page.title()).toContain('Holders');
    }));

  it('fits a narrow screen in every section', () =>
    closing(async () => {
      const { page } = await show('demo.html', '', { viewport: { width: 360, height: 740 } });
      for (const place of places) {
        await go(page, place);
        const wide = await page.evaluate(() =>
          document.documentElement.scrollWidth > innerWidth
            ? [...document.querySelectorAll('main *')]
                .filter((element) => element.getBoundingClientRect().right > innerWidth)
                .slice(0, 3)
                .map((element) => element.outerHTML.slice(0, 120))
            : [],
        );
        expect(wide, place).toEqual([]);
      }
      await go(page, 'services');
      expect(await page.locator('.matrix-list').isVisible()).toBe(true);
    }));

  it('switches its colours, and keeps to that', () =>
    closing(async () => {
      const { page } = await show('demo.html');
      const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await ground();
      await page.getByRole('button', { name: 'Switch to dark colours' }).click();
      const dark = await ground();
      expect(dark).not.toBe(light);
      await page.reload();
      await page.waitForSelector('h1');
      expect(await ground()).toBe(dark);
    }));

  it('has all sections on paper, without anything to scroll or to click', () =>
    closing(async () => {
      const { page } = await show('demo.html', '#/rules', { viewport: { width: 794, height: 1123 } });
      await page.emulateMedia({ media: 'print' });
      await page.waitForSelector('.paper');
      const titles = await page.locator('.paper-section h1').allInnerTexts();
      expect(titles.slice(1)).toEqual([
        'Services',
        'Organization',
        'Holders',
        'Delegation policy',
        'Rules',
        'Changes',
        'Waivers and approvals',
        'Evidence',
      ]);
      const paper = await page.evaluate(() => ({
        buttons: document.querySelectorAll('main button').length,
        closed: document.querySelectorAll('main details:not([open])').length,
        scrollers: [...document.querySelectorAll('main *')].filter((element) =>
          ['auto', 'scroll'].includes(getComputedStyle(element).overflowX),
        ).length,
        breaks: [...document.querySelectorAll('.paper-section')]
          .slice(1)
          .map((element) => getComputedStyle(element).breakBefore),
        ground: getComputedStyle(document.body).backgroundColor,
        isWide: document.documentElement.scrollWidth > innerWidth,
      }));
      expect(paper).toEqual({
        buttons: 0,
        closed: 0,
        scrollers: 0,
        breaks: Array(8).fill('page'),
        ground: 'rgb(255, 255, 255)',
        isWide: false,
      });
      const text = await page.locator('.paper').innerText();
      // Each finding is there, those that are the same but for an account or a Region in one sentence.
      for (const { title } of new Set(input.all.map(({ rule }) => rule))) expect(text).toContain(title);
      expect(text).toContain('It is being sold');
      await page.emulateMedia({ media: 'screen' });
      await page.waitForSelector('nav.sections');
    }));

  it('shows what became different from sync to sync, where the database keeps it', () =>
    closing(async () => {
      const row = (kind: string, more: PageRow): PageRow => ({
        source_name: 'prod',
        at: '2026-11-20T03:00:00Z',
        kind,
        service: 'guardduty',
        service_name: 'Amazon GuardDuty',
        method: 'service',
        account: '333344445555',
        account_name: 'Log Archive',
        rule: null,
        resource: null,
        before: null,
        after: null,
        event_id: null,
        event_time: null,
        actor: null,
        count: 1,
        regions: [],
        ...more,
      });
      await write('drift.html', input, (rows) => ({
        ...rows,
        drift: [
          row('region_gained', {
            regions: ['ap-southeast-2'],
            actor: 'arn:aws:iam::111122223333:user/eve',
            event_time: '2026-11-19T23:00:00Z',
          }),
          row('verdict_changed', {
            service: null,
            service_name: null,
            account: null,
            account_name: null,
            method: null,
            rule: 'methods_agree',
            resource: 'guardduty',
            before: 'pass',
            after: 'fail',
          }),
        ],
      }));
      const { page } = await show('drift.html', '#/changes');
      const told = await page.locator('.data-table').first().innerText();
      for (const part of [
        'Region gained',
        'Amazon GuardDuty',
        'Log Archive',
        'ap-southeast-2',
        'user/eve',
        'verdict changed',
        'methods_agree',
        'pass',
        'fail',
      ])
        expect(told).toContain(part);
      const { page: before } = await show('demo.html', '#/changes');
      expect(await before.locator('main').innerText()).toContain('Nothing became different since');
    }));

  it('lets one choose between several organizations', () =>
    closing(async () => {
      await write('two.html', input, (rows) => ({
        ...rows,
        sets: {
          ...rows.sets,
          organizations: [
            ...rows.sets.organizations,
            { ...rows.sets.organizations[0], source_name: 'dev/2', organization_id: 'o-second' },
          ],
          accounts: [
            ...rows.sets.accounts,
            { source_name: 'dev/2', id: '999999999999', name: 'Alone', state: 'ACTIVE', id_path: null },
          ],
        },
      }));
      const { page } = await show('two.html', '#/holders');
      await page.getByLabel('Organization').selectOption('dev/2');
      await page.waitForFunction(() => document.querySelector('.data-table .empty') !== null);
      await page.locator('nav a', { hasText: 'Overview' }).click();
      expect(await page.locator('.eyebrow').innerText()).toBe('Organization o-second');
      expect(await page.evaluate(() => location.hash)).toBe('#/@dev%2F2/overview');
    }));

  it('is read from the database with the members that the page knows', () => {
    const [organization] = pageData(input).organizations;
    if (!organization) throw new Error('There is no organization.');
    const members = Object.fromEntries(
      Object.entries(organization)
        .filter(([, rows]) => Array.isArray(rows) && typeof rows[0] === 'object' && rows[0] !== null)
        .map(([name, rows]) => [
          name,
          Object.keys((rows as object[])[0] ?? {})
            .sort()
            .join(' '),
        ]),
    );
    expect(members).toMatchInlineSnapshot(`
      {
        "approvals": "account approvedBy approvedOn hasApproval hasDelegation method principal reason regions reviewBy service serviceName",
        "changes": "action address after approvedBy at before category errorCode eventId isInWindow isSignificant principal region risk serviceName session target targetName targetType wasAllowed",
        "counts": "cause count rule status",
        "delegations": "account accountName category isHeld isManagement method path principal region service serviceName since state status",
        "enrolments": "account enrolment problem regions service setting",
        "grants": "account actions conditions group isConditional isDenied isNotPrincipal isPolicyWork notResources policyTypes principal resources sid statement",
        "owners": "accountCount accounts owner selectors",
        "policies": "attachment id isAwsManaged name targets type",
        "principals": "account accountName isFound isManagement isPattern path principal statements",
        "questions": "cause error method region service wasRead",
        "reads": "accounts code count message operation outcome regions requests rows table",
        "scopes": "account scope service",
        "services": "can cannot category group groupName id isRegional isSecurity isTrusted isUsed maxAdministrators mayDiffer methods name notes owners power principals trustedSince useReason",
        "tables": "cause error isAbsent name wasRead",
        "units": "id name parent path",
        "verdicts": "accountIds accounts after before cause count labels names regions remediations resource rule status waiver",
        "waivers": "account approvedBy expires owner reason region resource rule state ticket",
      }
    `);
    expect(organization.accounts.units.every((place) => place >= 0)).toBe(true);
    expect(organization.verdicts.reduce((sum, { count }) => sum + count, 0)).toBe(input.results.length);
    // Labels are as reasons have them: most verdicts about accounts need no text for each.
    expect(organization.verdicts.flatMap(({ labels }) => labels).length).toBeGreaterThan(20);
  });
});

/** By its address, as a link does. */
async function go(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/${place}`);
  await page.waitForFunction(
    (hash) => location.hash === hash && document.querySelector('main h1') !== null,
    `#/${place}`,
  );
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
