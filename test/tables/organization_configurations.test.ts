import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type ScenarioInput, type Simulator } from '../../src/simulator/index.js';
import { flatten } from '../../src/schema/index.js';
import { tables } from '../../tables/index.js';
import { management, network, security } from '../support/reading.js';
import { syncFrom, type Options, type Synced } from '../support/source.js';

const home = 'us-east-1';
const abroad = 'eu-west-1';
/** Has to be switched on in each account; every service but Security Lake is there. */
const optIn = 'ap-east-1';
const role = 'OrgAudit';
const withRole = { delegated_admin_role_name: role };
const roleIn = (account: string): string => `arn:aws:iam::${account}:role/${role}`;

/** Accounts that administer a service, by Region. */
type Administrators = Readonly<Partial<Record<typeof home | typeof abroad | typeof optIn, readonly string[]>>>;

interface Shown {
  readonly table: string;
  /** Of the service that answers. */
  readonly operation: string;
  readonly scenario: (administrators: Administrators) => Partial<ScenarioInput>;
  /** Registered with Organizations: the same accounts in every Region. */
  readonly isRegistered?: boolean;
  /** The management account is asked too, whoever is registered. */
  readonly isManagementAsked?: boolean;
  readonly isInOptIn?: boolean;
  /** What AWS says to an account that is no administrator (any more); null where it shows whatever is its own. */
  readonly refusal: string | null;
  /** What AWS says where the service was never switched on in the administrator's account. */
  readonly notEnabled?: { readonly code: string; readonly status: number; readonly message: string };
}

const byRegion = (administrators: Administrators): Record<string, { account: string }[]> =>
  Object.fromEntries(
    Object.entries(administrators).map(([region, accounts]) => [region, accounts.map((account) => ({ account }))]),
  );
const accountsOf = (administrators: Administrators): string[] => [...new Set(Object.values(administrators).flat())];
const everyone = [management, security, network];

function registered(principal: string, administrators: Administrators, section: Partial<ScenarioInput>) {
  return {
    organization: {
      ...organization,
      delegated_administrators: accountsOf(administrators)
        .filter((account) => account !== management)
        .map((account) => ({ account, service_principal: principal, since: '2024-01-01T00:00:00Z' })),
    },
    ...section,
  };
}

const organization = {
  management_account_id: management,
  accounts: [
    { id: management, name: 'Management' },
    { id: security, name: 'Security' },
    { id: network, name: 'Network' },
  ],
} satisfies ScenarioInput['organization'];

const shown: readonly Shown[] = [
  {
    table: 'aws_guardduty_organization_configurations',
    operation: 'guardduty:DescribeOrganizationConfiguration',
    scenario: (administrators) => ({
      guardduty: { administrators: byRegion(administrators), detectors: everyone },
    }),
    refusal: 'BadRequestException',
  },
  {
    table: 'aws_securityhub_organization_configurations',
    operation: 'securityhub:DescribeOrganizationConfiguration',
    scenario: (administrators) => ({ securityhub: { administrators: byRegion(administrators) } }),
    refusal: 'InvalidAccessException',
    notEnabled: {
      code: 'InvalidAccessException',
      status: 401,
      message: `Account ${security} is not subscribed to AWS Security Hub`,
    },
  },
  {
    table: 'aws_macie2_organization_configurations',
    operation: 'macie2:DescribeOrganizationConfiguration',
    scenario: (administrators) => ({ macie2: { administrators: byRegion(administrators) } }),
    refusal: 'AccessDeniedException',
    notEnabled: { code: 'AccessDeniedException', status: 403, message: 'Macie is not enabled' },
  },
  {
    table: 'aws_inspector2_organization_configurations',
    operation: 'inspector2:DescribeOrganizationConfiguration',
    scenario: (administrators) => ({ inspector2: { administrators: byRegion(administrators) } }),
    refusal: 'AccessDeniedException',
  },
  {
    table: 'aws_detective_organization_configurations',
    operation: 'detective:DescribeOrganizationConfiguration',
    scenario: (administrators) => ({
      detective: { administrators: byRegion(administrators), graphs: everyone },
    }),
    refusal: 'AccessDeniedException',
  },
  {
    table: 'aws_securitylake_organization_configurations',
    operation: 'securitylake:GetDataLakeOrganizationConfiguration',
    scenario: (administrators) =>
      registered('securitylake.amazonaws.com', administrators, {
        securitylake: {
          data_lakes: [{ region: home }],
          organization_configuration: [{ region: home, sources: [{ source_name: 'WAF' }] }],
        },
      }),
    isRegistered: true,
    isInOptIn: false,
    refusal: 'AccessDeniedException',
    notEnabled: { code: 'ResourceNotFoundException', status: 404, message: 'The resource could not be found.' },
  },
  {
    table: 'aws_config_configuration_aggregators',
    operation: 'config:DescribeConfigurationAggregators',
    scenario: (administrators) =>
      registered('config.amazonaws.com', administrators, {
        config: {
          aggregators: everyone.map((account) => ({
            account,
            region: '*',
            name: 'whole',
            organization_aggregation_source: {},
          })),
        },
      }),
    isRegistered: true,
    isManagementAsked: true,
    refusal: null,
  },
  {
    table: 'aws_accessanalyzer_analyzers',
    operation: 'access-analyzer:ListAnalyzers',
    scenario: (administrators) =>
      registered('access-analyzer.amazonaws.com', administrators, {
        accessanalyzer: { analyzers: everyone.map((account) => ({ account, region: '*', name: 'whole' })) },
      }),
    isRegistered: true,
    isManagementAsked: true,
    refusal: null,
  },
];

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: { name: 'settings', organization } });
});
afterEach(() => simulator.close());

const keysOf = (account: string): object => ({
  id: account,
  access_key_id: `AKIA${account}`,
  secret_access_key: 'test',
  default_region: home,
});

const assumed = (): unknown[] =>
  simulator.requests.filter(({ operation }) => operation === 'sts:AssumeRole').map(({ input }) => input['RoleArn']);

/** Something happens once the service has been asked for the last time in a row: the answers of others are in by then. */
function whenAsked(service: string, times: number, act: () => void): void {
  let left = times;
  const push = simulator.requests.push.bind(simulator.requests);
  simulator.requests.push = (...requests) => {
    left -= requests.filter((request) => request.service === service).length;
    if (left === 0) act();
    return push(...requests);
  };
}

describe.each(shown)('$table', (each) => {
  const { table, operation, isRegistered = false, isManagementAsked = false, isInOptIn = true } = each;
  const service = operation.split(':')[0] ?? '';
  const permissions = flatten(tables).find(({ name }) => name === table)?.permissions ?? [];
  const regions = [abroad, home];

  function use(administrators: Administrators, more: Partial<ScenarioInput> = {}): void {
    simulator.setScenario({ name: 'settings', organization, ...each.scenario(administrators), ...more });
  }
  const sync = ({ spec, ...options }: Options = {}): Promise<Synced> =>
    syncFrom(simulator, { tables: [table], account: management, spec: { regions, ...spec }, ...options });

  const rowsOf = (synced: Synced): string[] =>
    (synced.tables[table] ?? []).map((row) => `${String(row['region'])} ${String(row['admin_account_id'])}`).sort();
  /** Of the accounts that administer the service where they do, and of the management account where that is asked. */
  const placesOf = (administrators: Administrators, but: readonly string[] = []): string[] => {
    const inRegion = (region: string): readonly string[] =>
      isRegistered ? accountsOf(administrators) : (administrators[region as typeof home] ?? []);
    return regions
      .flatMap((region) =>
        [...new Set([...inRegion(region), ...(isManagementAsked ? [management] : [])])].map(
          (account) => `${region} ${account}`,
        ),
      )
      .filter((place) => !but.some((account) => place.endsWith(account)))
      .sort();
  };
  /** Of each read that did not end well, in the Regions of the spec. */
  const gapsOf = ({ reads }: Synced, among = regions): string[] =>
    reads
      .filter((read) => read['table_name'] === table && among.includes(read['region'] as string))
      .filter((read) => read['outcome'] !== 'ok')
      .map((read) =>
        ['region', 'operation', 'scope', 'outcome', 'error_code']
          .map((column) => (read[column] as string | null) ?? '-')
          .join(' '),
      );
  const outcomesOf = (synced: Synced): unknown[] => [
    ...new Set(synced.reads.filter((read) => read['table_name'] === table).map((read) => read['outcome'])),
  ];
  /** Told with the account where others were asked too, and for the read as a whole where nobody else was. */
  const scopeOf = (account: string, others: number): string => (others + Number(isManagementAsked) > 0 ? account : '');
  const everywhere = { [home]: [security], [abroad]: [security] };

  it('is read in the account that administers the service, with the role of the spec', async () => {
    use(everywhere);
    const synced = await sync({ spec: withRole });
    expect(rowsOf(synced)).toEqual(placesOf(everywhere));
    expect(gapsOf(synced)).toEqual([]);
    expect(synced.errors).toEqual({});
    expect(assumed()).toEqual([roleIn(security)]);
    const askers = simulator.requests.filter((request) => request.operation === operation);
    expect(new Set(askers.map(({ account }) => account))).toEqual(
      new Set(isManagementAsked ? [management, security] : [security]),
    );
  });

  it('is read with credentials of a further account', async () => {
    use(everywhere);
    const synced = await sync({ spec: { accounts: [keysOf(management), keysOf(network), keysOf(security)] } });
    expect(rowsOf(synced)).toEqual(placesOf(everywhere));
    expect(gapsOf(synced)).toEqual([]);
    expect(assumed()).toEqual([]);
  });

  it('says whom the spec lends no way to, and asks nobody in their place', async () => {
    use(everywhere);
    const synced = await sync();
    expect(rowsOf(synced)).toEqual(placesOf(everywhere, [security]));
    expect(gapsOf(synced)).toEqual(
      regions.flatMap((region) =>
        [...permissions].sort().map((each) => `${region} ${each} ${scopeOf(security, 0)} skipped NoDelegateAccess`),
      ),
    );
    expect(synced.errors).toEqual({});
    expect(
      simulator.requests.filter((request) => request.account === management && request.operation === operation).length,
    ).toBe(isManagementAsked ? 2 : 0);
  });

  it.each([
    ['that is not there', { ...withRole, delegated_admin_role_name: 'Missing' }, 'Missing'],
    ['with another external ID', { ...withRole, delegated_admin_external_id: 'wrong' }, role],
    ['without its external ID', withRole, role],
  ])('is not known where a role cannot be assumed: one %s', async (_what, spec, name) => {
    use(everywhere, { roles: [{ arn: roleIn(security), external_id: 'right', denied: [] }] });
    const synced = await sync({ spec });
    expect(rowsOf(synced)).toEqual(placesOf(everywhere, [security]));
    const scope = scopeOf(security, 0);
    expect(gapsOf(synced).filter((gap) => !gap.includes('sts:AssumeRole'))).toEqual(
      regions.flatMap((region) =>
        [...permissions].sort().map((each) => `${region} ${each} ${scope} denied AccessDenied`),
      ),
    );
    expect(gapsOf(synced).filter((gap) => gap.includes('sts:AssumeRole'))).toEqual([
      `${home} sts:AssumeRole ${security} denied AccessDenied`,
    ]);
    expect(Object.keys(synced.errors)).toEqual([table]);
    expect(synced.errors[table]).toContain(`role arn:aws:iam::${security}:role/${name} cannot be assumed`);
    expect(synced.announced.includes(table)).toBe(isManagementAsked);
    expect(assumed()).toHaveLength(1);
  });

  it('is known with the external ID that the role asks for', async () => {
    use(everywhere, { roles: [{ arn: roleIn(security), external_id: 'right', denied: [] }] });
    const synced = await sync({ spec: { ...withRole, delegated_admin_external_id: 'right' } });
    expect(rowsOf(synced)).toEqual(placesOf(everywhere));
  });

  it.each<[string, Administrators]>([
    ['one in each Region', { [home]: [security], [abroad]: [network] }],
    ['both in one Region', { [home]: [security, network] }],
  ])('loses nothing of one administrator where another cannot be asked: %s', async (_where, administrators) => {
    use(administrators, { roles: [{ arn: roleIn(security), denied: [] }] });
    const synced = await sync({ spec: withRole });
    expect(rowsOf(synced)).toEqual(placesOf(administrators, [network]));
    expect(synced.announced).toContain(table);
    const isAlone = !isRegistered && administrators[abroad] !== undefined;
    const where = isRegistered ? regions : [isAlone ? abroad : home];
    expect(gapsOf(synced).filter((gap) => gap.includes(` ${operation} `))).toEqual(
      where.map((region) => `${region} ${operation} ${isAlone ? '' : network} denied AccessDenied`),
    );
    expect(synced.errors[table]).toContain(roleIn(network));
    expect(synced.errors[table]).not.toContain(roleIn(security));
  });

  it.runIf(!isRegistered || isManagementAsked)('is read in the management account without a role', async () => {
    const administrators = { [home]: [management], [abroad]: [management] };
    use(administrators);
    const synced = await sync({ spec: withRole });
    expect(rowsOf(synced)).toEqual(placesOf(administrators));
    expect(gapsOf(synced)).toEqual([]);
    expect(assumed()).toEqual([]);
  });

  it.runIf(each.notEnabled)('is absent where the service was never switched on in the account', async () => {
    use(everywhere);
    simulator.fault({ operation, account: security, region: home, kind: 'error', ...each.notEnabled });
    const synced = await sync({ spec: withRole });
    expect(rowsOf(synced)).toEqual([`${abroad} ${security}`]);
    expect(gapsOf(synced)).toEqual([`${home} ${operation}  absent ${each.notEnabled?.code ?? ''}`]);
    expect(synced.errors).toEqual({});
  });

  it.runIf(each.refusal)('is denied, and not failed, where the service refuses the account', async () => {
    use(everywhere);
    // Of sts, the first request is GetCallerIdentity; the second assumes the role, in whose account nobody was asked yet.
    whenAsked('sts', 2, () => {
      simulator.setScenario({ name: 'settings', ...each.scenario({ [home]: [network] }), organization });
    });
    const synced = await sync({ spec: { ...withRole, regions: [home] } });
    expect(synced.tables[table]).toBeUndefined();
    expect(gapsOf(synced, [home])).toEqual([`${home} ${operation}  denied ${each.refusal ?? ''}`]);
    expect(synced.errors[table]).toContain(operation);
    expect(outcomesOf(synced)).not.toContain('failed');
  });

  it.runIf(isInOptIn)(
    'is absent in a Region that is off in the account, and failed in one that cannot be',
    async () => {
      const administrators = { [home]: [security], [optIn]: [security] };
      use(administrators, { opted_in_regions: [optIn] });
      const refused = { kind: 'error', code: 'UnrecognizedClientException', status: 403 } as const;
      simulator.fault({ operation: `${service}:*`, account: security, ...refused, region: optIn });
      const spec = { ...withRole, regions: [home, optIn], on_failure: 'report' };
      const off = await sync({ spec });
      const own = isManagementAsked ? [`${home} ${management}`, `${optIn} ${management}`] : [];
      expect(rowsOf(off)).toEqual([`${home} ${security}`, ...own].sort());
      expect(gapsOf(off, [home, optIn]).filter((gap) => !gap.includes(' absent RegionDisabled'))).toEqual([]);
      // Others say whether there is something: what an account cannot have is no gap beside them.
      expect(gapsOf(off, [optIn]).length > 0).toBe(!isManagementAsked);
      expect(off.errors).toEqual({});

      simulator.fault({ operation: `${service}:*`, account: security, ...refused, region: home });
      const broken = await sync({ spec });
      expect(rowsOf(broken)).toEqual([...own].sort());
      expect(gapsOf(broken, [home]).every((gap) => gap.endsWith(' failed UnrecognizedClientException'))).toBe(true);
      expect(gapsOf(broken, [home]).length).toBeGreaterThan(0);
    },
  );

  it('is not touched by a role that is throttled at first', async () => {
    use(everywhere);
    simulator.fault({ operation: 'sts:AssumeRole', kind: 'throttle', times: 1 });
    const synced = await sync({ spec: withRole });
    expect(rowsOf(synced)).toEqual(placesOf(everywhere));
    expect(synced.reads.filter((read) => read['operation'] === 'sts:AssumeRole')).toMatchObject([
      { table_name: table, region: home, scope: security, outcome: 'ok', request_count: 2, row_count: 0 },
    ]);
  });

  it('is not known to a member, whatever that is told', async () => {
    use(everywhere, {
      macie2: { ...each.scenario(everywhere).macie2, not_enabled: '*' },
      securityhub: { ...each.scenario(everywhere).securityhub, not_enabled: '*' },
    });
    // Who is a member is known where the organization is read as well.
    const synced = await sync({ account: network, spec: withRole, tables: [table, 'aws_organizations'] });
    const own = synced.reads.filter(
      (read) => read['table_name'] === table && read['operation'] === operation && read['outcome'] !== 'skipped',
    );
    expect(own.filter((read) => read['error_code'] !== 'RegionDisabled').map((read) => read['outcome'])).toEqual([
      'denied',
      'denied',
    ]);
    expect(synced.announced).not.toContain(table);
  });
});

describe('of all of them together', () => {
  const both = { [home]: [security], [abroad]: [security] };
  const spec = { ...withRole, regions: [home, abroad] };

  it('each role is assumed once, and each list of administrators is asked once in a Region', async () => {
    const sections = shown.map(({ scenario }) => scenario(both));
    const registered = sections.flatMap((section) => section.organization?.delegated_administrators ?? []);
    simulator.setScenario({
      name: 'settings',
      ...sections.reduce((all, section) => ({ ...all, ...section }), {}),
      organization: {
        ...organization,
        delegated_administrators: [
          ...registered,
          { account: network, service_principal: 'config.amazonaws.com', since: '2024-01-01T00:00:00Z' },
        ],
        resource_policy: {
          content: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { AWS: network }, Action: 'organizations:AttachPolicy', Resource: '*' },
            ],
          },
        },
      },
    });
    const synced = await syncFrom(simulator, { account: management, spec });
    expect(synced.errors).toEqual({});
    expect(assumed().sort()).toEqual([roleIn(security), roleIn(network)]);
    const counts: Record<string, number> = {};
    for (const { operation, region, input } of simulator.requests) {
      if (!/:(List(Organization|Delegated)Admin|DescribeOrganization$|DescribeResourcePolicy)/.test(operation))
        continue;
      const about = (input['Feature'] ?? input['ServicePrincipal'] ?? '') as string;
      const key = `${operation} ${region} ${about}`.trim();
      counts[key] = (counts[key] ?? 0) + 1;
    }
    const regional = ['detective', 'guardduty', 'macie2'].map((name) => `${name}:ListOrganizationAdminAccounts`);
    expect(counts).toEqual(
      Object.fromEntries(
        [
          ...[...regional, 'inspector2:ListDelegatedAdminAccounts'].flatMap((name) => [
            `${name} ${home}`,
            `${name} ${abroad}`,
          ]),
          `securityhub:ListOrganizationAdminAccounts ${home} SecurityHub`,
          `securityhub:ListOrganizationAdminAccounts ${abroad} SecurityHub`,
          `securityhub:ListOrganizationAdminAccounts ${home} SecurityHubV2`,
          `organizations:DescribeOrganization ${home}`,
          `organizations:DescribeResourcePolicy ${home}`,
          `organizations:ListDelegatedAdministrators ${home}`,
          `organizations:ListDelegatedAdministrators ${home} access-analyzer.amazonaws.com`,
          `organizations:ListDelegatedAdministrators ${home} config.amazonaws.com`,
          `organizations:ListDelegatedAdministrators ${home} securitylake.amazonaws.com`,
        ].map((key) => [key, 1]),
      ),
    );
    // Each request stands in one row of the reads, whichever of the tables needed it.
    const requests = synced.reads.reduce((sum, read) => sum + Number(read['request_count']), 0);
    expect(requests).toBe(simulator.requests.length - 1);
  });

  it('a feature of GuardDuty that two pages name is there once', async () => {
    const table = 'aws_guardduty_organization_configurations';
    const features = async (): Promise<unknown> => {
      const spec = { ...withRole, regions: [home] };
      const { tables } = await syncFrom(simulator, { tables: [table], account: management, spec });
      return tables[table]?.map((row) => row['features']);
    };
    simulator.setScenario({
      name: 'settings',
      organization,
      roles: [{ arn: roleIn(security), denied: [] }],
      guardduty: { administrators: { [home]: { account: security } } },
    });
    const whole = await features();
    expect(whole).toEqual([expect.objectContaining({ length: 7 })]);
    simulator.change((scenario) => {
      scenario.page_size = 2;
    });
    const repeated = simulator.fault({
      operation: 'guardduty:DescribeOrganizationConfiguration',
      kind: 'overlapping_pages',
    });
    expect(await features()).toEqual(whole);
    expect(repeated.hits).toBeGreaterThan(1);
  });

  it('the reads tell of each Region, call and account, in this order', async () => {
    const table = 'aws_guardduty_organization_configurations';
    const regions = ['eu-central-1', abroad, 'eu-west-2', 'eu-west-3', home, 'us-east-2'];
    simulator.setScenario({
      name: 'settings',
      organization,
      roles: [{ arn: roleIn(security), denied: [] }],
      guardduty: {
        administrators: {
          [home]: [{ account: security }, { account: network }, { account: management }],
          [abroad]: { account: network },
          'eu-west-2': { account: security },
          'eu-west-3': [{ account: security }, { account: management }],
          'us-east-2': { account: management },
        },
      },
    });
    const describing = 'guardduty:DescribeOrganizationConfiguration';
    simulator.fault({ operation: describing, region: 'eu-west-2', kind: 'deny' });
    simulator.fault({ operation: 'guardduty:ListDetectors', region: 'eu-west-3', account: security, kind: 'throttle' });
    const synced = await syncFrom(simulator, {
      tables: [table],
      account: management,
      spec: { ...withRole, regions, on_failure: 'report' },
    });
    const detectors = 'guardduty:ListDetectors';
    const listing = 'guardduty:ListOrganizationAdminAccounts';
    const assuming = 'sts:AssumeRole';
    const told = synced.reads
      .filter((read) => read['table_name'] === table && read['outcome'] !== 'skipped')
      .filter((read) => read['error_code'] !== 'RegionDisabled')
      .map((read) =>
        ['region', 'operation', 'scope', 'outcome', 'error_code', 'request_count', 'row_count'].map(
          (column) => read[column],
        ),
      );
    expect(told.filter(([, operation]) => operation === assuming)).toEqual([
      [home, assuming, security, 'ok', null, 1, 0],
      [home, assuming, network, 'denied', 'AccessDenied', 1, 0],
    ]);
    expect(assumed()).toHaveLength(2);
    const requests = told.reduce((sum, [, , , , , count]) => sum + Number(count), 0);
    expect(requests).toBe(
      simulator.requests.filter(({ operation }) => /^(guardduty|sts:Assume)/.test(operation)).length,
    );
    expect(told.filter(([, operation]) => operation !== assuming)).toEqual([
      ['eu-central-1', describing, '', 'ok', null, 0, 0],
      ['eu-central-1', detectors, '', 'ok', null, 0, 0],
      ['eu-central-1', listing, '', 'ok', null, 1, 0],
      [abroad, describing, '', 'denied', 'AccessDenied', 0, 0],
      [abroad, detectors, '', 'denied', 'AccessDenied', 0, 0],
      [abroad, listing, '', 'ok', null, 1, 0],
      ['eu-west-2', describing, '', 'denied', 'AccessDeniedException', 1, 0],
      ['eu-west-2', detectors, '', 'ok', null, 1, 0],
      ['eu-west-2', listing, '', 'ok', null, 1, 0],
      ['eu-west-3', describing, '', 'ok', null, 1, 1],
      ['eu-west-3', describing, security, 'failed', 'TooManyRequestsException', 0, 0],
      ['eu-west-3', detectors, '', 'ok', null, 4, 0],
      ['eu-west-3', detectors, security, 'failed', 'TooManyRequestsException', 0, 0],
      ['eu-west-3', listing, '', 'ok', null, 1, 0],
      [home, describing, '', 'ok', null, 2, 2],
      [home, describing, network, 'denied', 'AccessDenied', 0, 0],
      [home, detectors, '', 'ok', null, 2, 0],
      [home, detectors, network, 'denied', 'AccessDenied', 0, 0],
      [home, listing, '', 'ok', null, 1, 0],
      ['us-east-2', describing, '', 'ok', null, 1, 1],
      ['us-east-2', detectors, '', 'ok', null, 1, 0],
      ['us-east-2', listing, '', 'ok', null, 1, 0],
    ]);
    expect(synced.errors[table]).toContain(`role ${roleIn(network)} cannot be assumed`);
    expect(synced.errors[table]).toContain(`${describing} in eu-west-2: denied (AccessDeniedException)`);
  });
});
