import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fromRuns } from '../../src/page/model/runs.js';
import { htmlReport, pageData } from '../../src/report/index.js';
import type { PageData, PageVerdict } from '../../src/report/page_data.js';
import { loadRules, type RuleResult } from '../../src/rules/index.js';
import { queriesDirectory } from '../../src/cli/package.js';
import { accountRow, management, organizationRow, pageInput, security, verdict } from '../page/fixture.js';

const rules = await loadRules(queriesDirectory);
const rule = rules.find(({ id }) => id === 'scp_prevents_leaving');
const regional = rules.find(({ id }) => id === 'methods_agree');

const many = Array.from({ length: 300 }, (_nothing, index) => String(700000000000 + index));
const leaves = (id: string, status: RuleResult['status'] = 'fail'): RuleResult =>
  verdict(rule, {
    accountId: id,
    resourceId: id,
    status,
    reason: `${id} (Account ${id}, directly at the root): organizations:LeaveOrganization is not denied`,
    remediation: status === 'fail' ? `Attach an SCP to ${id}.` : null,
  });

async function verdictsOf(
  results: readonly RuleResult[],
  accounts: readonly string[] = many,
): Promise<readonly PageVerdict[]> {
  const data = pageData(
    await pageInput({ accounts: accounts.map((id) => accountRow(id, `Account ${id}`)) }, { results }),
  );
  return data.organizations[0]?.verdicts ?? [];
}

describe('verdicts that are the same but for an account or a Region', () => {
  it('are one, with each account in it', async () => {
    const verdicts = await verdictsOf(many.map((id) => leaves(id)));
    expect(verdicts).toMatchObject([
      { before: '', labels: [0, 300], names: [], after: ': organizations:LeaveOrganization is not denied', count: 300 },
    ]);
    expect(verdicts[0]?.remediations).toEqual(['Attach an SCP to <account>.']);
  });

  it('keep an account that is not among those that were read', async () => {
    const [one] = await verdictsOf([leaves('700000000001'), leaves('999999999999')]);
    expect(one).toMatchObject({
      labels: [1, 1],
      names: ['999999999999 (Account 999999999999, directly at the root)'],
      accountIds: ['999999999999'],
      count: 2,
    });
  });

  it('keep a label that is not as the accounts would give it', async () => {
    const [one] = await verdictsOf([
      { ...leaves('700000000001'), reason: '700000000001 (Another name): it is not denied' },
    ]);
    expect(one).toMatchObject({ labels: [], names: ['700000000001 (Another name)'], accounts: [1, 1] });
  });

  it('are one for each Region, and their remedies too', async () => {
    const regions = ['eu-west-1', 'eu-west-11', 'us-east-1'];
    const [one, ...others] = await verdictsOf(
      regions.map((region) =>
        verdict(regional, {
          region,
          resourceId: 'guardduty',
          reason: `GuardDuty differs in ${region}`,
          remediation: `Call it with --region ${region}.`,
        }),
      ),
    );
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      before: 'GuardDuty differs in ',
      names: regions,
      regions,
      resource: 'guardduty',
      count: 3,
    });
    expect(one?.remediations).toEqual(['Call it with --region <Region>.']);
  });

  it('lose none of them, whatever they are', async () => {
    const results = [
      ...many.map((id, index) => leaves(id, index % 3 === 0 ? 'pass' : 'fail')),
      ...['eu-west-1', null].map((region) =>
        verdict(regional, { region, resourceId: 'macie', reason: 'Macie differs' }),
      ),
      verdict(regional, { status: 'unknown', rawStatus: 'unknown', unknownCause: 'unread', reason: 'not read' }),
      verdict(regional, { organizationId: null, reason: 'nothing is known' }),
    ];
    const data = pageData(
      await pageInput({ accounts: many.map((id) => accountRow(id, `Account ${id}`)) }, { results, all: results }),
    );
    const [organization] = data.organizations;
    const sum = (rows: readonly { count: number }[] = []): number =>
      rows.reduce((total, { count }) => total + count, 0);
    expect(sum(organization?.verdicts)).toBe(results.length);
    expect(sum(organization?.counts)).toBe(results.length);
    expect(
      organization?.verdicts.flatMap(({ labels }) => fromRuns(labels)).sort((left, right) => left - right),
    ).toEqual(many.map((_id, index) => index));
  });

  it('stay apart where status, cause or waiver differ', async () => {
    const base = { region: 'eu-west-1', resourceId: 'macie', reason: 'Macie in eu-west-1' };
    const verdicts = await verdictsOf([
      verdict(regional, base),
      verdict(regional, { ...base, status: 'unknown', rawStatus: 'unknown', unknownCause: 'unread' }),
      verdict(regional, { ...base, status: 'unknown', rawStatus: 'unknown', unknownCause: 'not_configured' }),
      verdict(regional, { ...base, status: 'waived', waiver: 'by Ada' }),
    ]);
    expect(verdicts.map(({ status, cause, waiver }) => [status, cause, waiver])).toEqual([
      ['fail', null, null],
      ['unknown', 'unread', null],
      ['unknown', 'not_configured', null],
      ['waived', null, 'by Ada'],
    ]);
  });
});

describe('what was not judged', () => {
  it('is told: rules that were not run, and statuses that are counted only', async () => {
    const all = [leaves('700000000001'), leaves('700000000002', 'pass')];
    const data = pageData(
      await pageInput({}, { results: all.slice(0, 1), all, only: ['fail'], ran: ['scp_prevents_leaving'] }),
    );
    expect(data).toMatchObject({ ranOnly: ['scp_prevents_leaving'], toldOnly: ['fail'] });
    expect(data.rules).toHaveLength(rules.length);
    expect(data.organizations[0]?.counts.map(({ status, count }) => [status, count])).toEqual([
      ['fail', 1],
      ['pass', 1],
    ]);
    expect(data.organizations[0]?.verdicts).toHaveLength(1);
  });

  it('is nothing at all where nothing was synced', async () => {
    const row = organizationRow({
      source_name: null,
      organization_id: null,
      was_read: false,
      read_error: 'nothing was synced',
      sync_time: null,
    });
    const data = pageData(await pageInput({ organizations: [row], tables: [] }));
    expect(data.organizations).toMatchObject([
      { sourceName: null, organizationId: null, readError: 'nothing was synced', counts: [], delegations: [] },
    ]);
  });
});

describe('several organizations', () => {
  it('have their own rows and verdicts each, and share what names none', async () => {
    const data = pageData(
      await pageInput(
        {
          organizations: [organizationRow(), organizationRow({ source_name: 'dev', organization_id: 'o-dev' })],
          accounts: [accountRow(security, 'One'), accountRow(management, 'Two', 'r-root', { source_name: 'dev' })],
        },
        {
          results: [
            verdict(rule, { organizationId: 'o-example' }),
            verdict(rule, { organizationId: 'o-dev' }),
            verdict(rule, { organizationId: null }),
          ],
        },
      ),
    );
    expect(
      data.organizations.map(({ sourceName, accounts, verdicts }) => [sourceName, accounts.ids, verdicts[0]?.count]),
    ).toEqual([
      ['prod', [security], 2],
      ['dev', [management], 2],
    ]);
  });
});

describe('the file', () => {
  const bundle = { script: 'const text = "</script><!--"; text;', style: 'a::after{content:"</style>"}' };
  const hostile = '</script><script>alert(1)</script> \u202e\u0007 <img src=x onerror=alert(1)>';

  it('has a policy that allows its own script and style, and nothing else', async () => {
    const html = htmlReport(await pageInput(), bundle);
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const inside = (tag: string): string => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)?.[1] ?? '';
    const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'sha256-${hash(inside('script'))}'`,
      `style-src 'sha256-${hash(inside('style'))}'`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    // The code still means the same.
    expect(runInNewContext(inside('script'))).toBe('</script><!--');
  });

  it('has no text of AWS outside of the packed data but the ID in its title, which is escaped', async () => {
    const input = await pageInput({
      organizations: [organizationRow({ organization_id: hostile })],
      accounts: [accountRow(security, hostile)],
    });
    const html = htmlReport(input, bundle);
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('<img');
    for (const character of ['\u202e', '\u0007']) expect(html).not.toContain(character);
    expect(html.match(/<script/g)).toHaveLength(2);
  });

  it('shows what cannot be seen, and cannot be turned around by it', async () => {
    const html = htmlReport(await pageInput({ accounts: [accountRow(security, hostile)] }), bundle);
    const [, packed = ''] = /id="data">([^<]*)</.exec(html) ?? [];
    const data = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as PageData;
    expect(data.organizations[0]?.accounts.names).toEqual([
      hostile.replace('\u202e', '\ufffd').replace('\u0007', '\ufffd'),
    ]);
  });
});

it('a change of an organization that several sources read stands in each of them, one of another organization in none', async () => {
  const change = {
    at: '2026-11-01T00:00:00Z',
    kind: 'verdict_changed',
    rule: 'methods_agree',
    before: 'pass',
    after: 'fail',
  };
  const input = await pageInput({
    organizations: [organizationRow(), organizationRow({ source_name: 'another', organization_id: 'o-another' })],
  });
  const drift = [
    { ...change, source_name: null, organization_id: 'o-example' },
    { ...change, source_name: null, organization_id: 'o-another' },
    { ...change, source_name: 'another', organization_id: 'o-another' },
  ];
  const { organizations } = pageData({ ...input, rows: { ...input.rows, drift } });
  expect(organizations.map(({ drift: own }) => own?.length)).toEqual([1, 2]);
});
