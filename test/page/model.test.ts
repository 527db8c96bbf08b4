import { describe, expect, it } from 'vitest';
import { hashOf, parseRoute } from '../../src/page/route.js';
import type { Cell } from '../../src/page/model/matrix.js';
import type { Model } from '../../src/page/model/model.js';
import { denialOfAll } from '../../src/page/model/guardrails.js';
import { reachOf } from '../../src/page/model/reach.js';
import { fromRuns, inRuns } from '../../src/page/model/runs.js';
import { ageText, isTooOld } from '../../src/page/model/times.js';
import { search } from '../../src/page/search/search.js';
import {
  accountRow,
  delegationRow,
  management,
  modelOf,
  network,
  organizationRow,
  questionRow,
  security,
  serviceRow,
  tableRow,
} from './fixture.js';

const regions = ['eu-central-1', 'eu-west-1', 'us-east-1'].map((region) => ({ source_name: 'prod', region }));
const registered = [
  questionRow('guardduty', 'organizations', null),
  delegationRow('guardduty', 'organizations', null, security),
] as const;

async function matrixRow(
  model: Promise<Model>,
): Promise<{ cells: readonly Cell[]; registered: Cell | null; isShown: boolean }> {
  const [row] = (await model).matrix;
  if (!row) throw new Error('The matrix is empty.');
  return { cells: row.cells ?? (row.whole ? [row.whole] : []), registered: row.registered, isShown: row.isShown };
}

describe('a cell of the matrix', () => {
  it('tells nobody, not read and not in this Region apart', async () => {
    const { cells } = await matrixRow(
      modelOf({
        regions,
        services: [serviceRow('guardduty', { methods: ['service'] })],
        questions: [
          questionRow('guardduty', 'service', 'eu-central-1'),
          questionRow('guardduty', 'service', 'eu-west-1', false),
        ],
      }),
    );
    expect(cells.map(({ kind }) => kind)).toEqual(['nobody', 'unread', 'absent']);
    expect(cells[1]?.problem).toBe('guardduty was denied in eu-west-1');
  });

  it('is not read where nothing is known of the Regions, and never absent', async () => {
    const { cells } = await matrixRow(
      modelOf({
        regions,
        services: [serviceRow('guardduty', { methods: ['service'] })],
        questions: [
          questionRow('guardduty', 'service', 'eu-central-1'),
          questionRow('guardduty', 'service', null, false),
        ],
      }),
    );
    expect(cells.map(({ kind }) => kind)).toEqual(['nobody', 'unread', 'unread']);
  });

  it('is not read where no question is recorded', async () => {
    const { registered: cell, isShown } = await matrixRow(
      modelOf({ services: [serviceRow('backup', { methods: ['organizations'], is_regional: false, is_used: false })] }),
    );
    expect(cell).toMatchObject({ kind: 'unread', problem: 'no question about it is recorded' });
    // Of what was not read nobody can say that it is not in use.
    expect(isShown).toBe(true);
  });

  it('marks where methods or Regions name different holders', async () => {
    const [question, delegation] = registered;
    const { cells } = await matrixRow(
      modelOf({
        regions,
        services: [serviceRow('guardduty')],
        delegations: [
          delegation,
          delegationRow('guardduty', 'service', 'eu-central-1', security),
          delegationRow('guardduty', 'service', 'eu-west-1', security),
          delegationRow('guardduty', 'service', 'us-east-1', network),
        ],
        questions: [question, ...regions.map(({ region }) => questionRow('guardduty', 'service', region))],
      }),
    );
    expect(cells.map(({ differences }) => differences)).toEqual([
      [],
      [],
      [
        'Organizations names Security Tooling, and the service itself Network Hub',
        'in other Regions it is Security Tooling',
      ],
    ]);
  });

  it('marks a Region in which the service names nobody', async () => {
    const [question, delegation] = registered;
    const { cells } = await matrixRow(
      modelOf({
        regions,
        services: [serviceRow('guardduty', { may_differ: true })],
        delegations: [delegation, delegationRow('guardduty', 'service', 'eu-central-1', security)],
        questions: [question, ...regions.map(({ region }) => questionRow('guardduty', 'service', region))],
      }),
    );
    expect(cells.map(({ kind, differences }) => [kind, differences.length])).toEqual([
      ['held', 0],
      ['nobody', 1],
      ['nobody', 1],
    ]);
  });

  it('concludes nothing from what was not read', async () => {
    const { cells } = await matrixRow(
      modelOf({
        regions,
        services: [serviceRow('guardduty')],
        delegations: [delegationRow('guardduty', 'service', 'eu-central-1', security)],
        questions: [
          questionRow('guardduty', 'organizations', null, false),
          questionRow('guardduty', 'service', 'eu-central-1'),
          questionRow('guardduty', 'service', 'eu-west-1', false),
          questionRow('guardduty', 'service', 'us-east-1', false),
        ],
      }),
    );
    expect(cells.map(({ kind, differences }) => [kind, differences])).toEqual([
      ['held', []],
      ['unread', []],
      ['unread', []],
    ]);
  });

  it('keeps a holder whose service the catalogue does not know', async () => {
    const { matrix } = await modelOf({
      delegations: [delegationRow('new.amazonaws.com', 'organizations', null, security)],
    });
    expect(matrix).toMatchObject([{ id: 'new.amazonaws.com', isShown: true, registered: { kind: 'held' } }]);
  });
});

describe('holders', () => {
  it('have codes that nobody else has, whatever their names', async () => {
    const names = ['Network Hub', 'Network Hub', 'Network', 'N', '', null, '網路', '***'];
    const { holders } = await modelOf({
      delegations: names.map((name, index) =>
        delegationRow('backup', 'organizations', null, `20000000000${index}`, { account_name: name }),
      ),
    });
    const codes = holders.map(({ code }) => code);
    expect(new Set(codes).size).toBe(names.length);
    expect(codes.every((code) => code.length >= 2)).toBe(true);
  });

  const unit = (id: string, parent: string, idPath: string): Record<string, unknown> => ({
    source_name: 'prod',
    id,
    name: id,
    path: `/${id}`,
    id_path: idPath,
    parent_id: parent,
  });
  const reach = {
    accounts: [
      accountRow(management, 'Management'),
      accountRow(security, 'Security Tooling', 'r-root/ou-a'),
      accountRow(network, 'Network Hub', 'r-root/ou-b'),
      accountRow('444444444444', 'Closed', 'r-root/ou-b', { state: 'SUSPENDED' }),
      accountRow('555555555555', 'Below', 'r-root/ou-b/ou-c'),
    ],
    units: [
      unit('ou-a', 'r-root', 'r-root/ou-a'),
      unit('ou-b', 'r-root', 'r-root/ou-b'),
      unit('ou-c', 'ou-b', 'r-root/ou-b/ou-c'),
    ],
    delegations: [delegationRow('firewall-manager', 'service', null, security)],
  };
  const scope = (units: string[], isExcluding = false): Record<string, unknown> => ({
    source_name: 'prod',
    service: 'firewall-manager',
    account: security,
    scope: {
      AccountScope: { Accounts: [], AllAccountsEnabled: true },
      OrganizationalUnitScope: {
        OrganizationalUnits: units,
        AllOrganizationalUnitsEnabled: false,
        ExcludeSpecifiedOrganizationalUnits: isExcluding,
      },
    },
  });

  it.each([
    ['every other active member', [], 2],
    ['those in the units of its scope and below', [scope(['ou-b'])], 2],
    ['those in one unit', [scope(['ou-c'])], 1],
    ['all but those in a unit', [scope(['ou-c'], true)], 1],
  ])('reach %s', async (_name, scopes, count) => {
    const model = await modelOf({ ...reach, scopes });
    const [holder] = model.holders;
    if (!holder) throw new Error('There is no holder.');
    expect(reachOf(model, holder, 'firewall-manager').count).toBe(count);
  });

  it('reach nobody knows how many where accounts were not read', async () => {
    const model = await modelOf({ ...reach, tables: [tableRow('aws_organizations_accounts', false)] });
    const [holder] = model.holders;
    expect(holder && reachOf(model, holder, 'guardduty')).toEqual({ count: null, note: 'accounts were not read' });
  });
});

describe('guardrails of many accounts', () => {
  const none = { whole: 0, partial: 0, none: 0, unknown: 0, not_applicable: 0 };
  it.each([
    ['whole', { whole: 3, not_applicable: 1 }],
    ['partial', { whole: 3, none: 1 }],
    ['partial', { partial: 1 }],
    ['none', { none: 2 }],
    ['unknown', { whole: 3, unknown: 1 }],
    ['not_applicable', { not_applicable: 1 }],
    ['not_applicable', {}],
  ] as const)('are %s', (expected, counts) => {
    expect(denialOfAll({ ...none, ...counts })).toBe(expected);
  });
});

describe('an address', () => {
  it.each([
    ['', { section: 'overview', path: [], source: null }],
    ['#/holders/111122223333', { section: 'holders', path: ['111122223333'], source: null }],
    ['#/@prod/services/guardduty/eu-west-1', { section: 'services', path: ['guardduty', 'eu-west-1'], source: 'prod' }],
    ['#/nowhere/x', { section: 'overview', path: [], source: null }],
    ['#/search/%E0%A4%A', { section: 'search', path: ['%E0%A4%A'], source: null }],
  ] as const)('%s', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
  });

  it('comes back as it went', () => {
    const path = ['a/b', 'c d', '<img>', '#?&'];
    for (const source of [null, 'prod', 'a/b @x']) {
      expect(parseRoute(hashOf('search', path, source))).toEqual({ section: 'search', path, source });
    }
  });
});

describe('search', () => {
  it('finds all words in any order, and says how many it does not show', async () => {
    const model = await modelOf({
      accounts: Array.from({ length: 40 }, (_nothing, index) =>
        accountRow(String(600000000000 + index), `Payments ${index}`),
      ),
      services: [serviceRow('guardduty')],
    });
    const [group] = search(model, 'payments 6000', 25);
    expect(group).toMatchObject({ kind: 'Accounts', total: 40 });
    expect(group?.hits).toHaveLength(25);
    expect(search(model, 'guardduty service').map(({ kind }) => kind)).toContain('Services');
    expect(search(model, '   ')).toEqual([]);
    expect(search(model, 'payments nowhere-at-all')).toEqual([]);
  });
});

describe('time and numbers', () => {
  const now = Date.parse('2026-11-02T12:00:00Z');
  it.each([
    ['2026-11-02T11:59:50Z', 'just now'],
    ['2026-11-02T11:59:00Z', '1 minute ago'],
    ['2026-11-02T09:00:00Z', '3 hours ago'],
    ['2026-10-01T12:00:00Z', '32 days ago'],
    ['2026-11-04T12:00:00Z', 'in 2 days'],
  ])('%s is %s', (time, text) => {
    expect(ageText(time, now)).toBe(text);
  });

  it('knows when a sync is too old to go by, as the spec says', async () => {
    const { organization } = await modelOf({ organizations: [organizationRow({ max_age_hours: 24 })] });
    expect(isTooOld(organization, Date.parse('2026-11-02T11:00:00Z'))).toBe(false);
    expect(isTooOld(organization, Date.parse('2026-11-02T12:00:01Z'))).toBe(true);
    expect(isTooOld({ ...organization, syncTime: null }, now)).toBe(true);
  });

  it('reads runs of numbers', () => {
    expect(fromRuns([2, 3, 9, 1])).toEqual([2, 3, 4, 9]);
    expect([1, 2, 4, 5, 9].map((number) => inRuns([2, 3, 9, 1], number))).toEqual([false, true, true, false, true]);
  });
});
