import { startSimulator, type FaultInput, type ScenarioInput } from '../../src/simulator/index.js';
import { syncFrom, type Row } from './source.js';

export const management = '111111111111';
export const security = '222222222222';
export const network = '333333333333';

export const home = 'us-east-1';
export const abroad = 'eu-west-1';

/** A service whose administrators are asked for Region by Region, and in what its answers differ from those of the others. */
export interface AdministratorService {
  readonly table: string;
  /** IAM action. */
  readonly operation: string;
  /** Its section of a scenario. */
  readonly section: keyof ScenarioInput;
  /** The columns of a row, besides the account that asked and the Region. */
  readonly columns: (administrator: Administrator, region: string) => Row;
  /** Its word for an administrator that is being removed; null where it gives no status. */
  readonly leaving: string | null;
  /** True where the management account may be the administrator. */
  readonly mayBeManagement: boolean;
  /** How many administrators one answer can carry; one more makes a second page. 1: an answer is never a list. */
  readonly pageSize: number;
  /** An opt-in Region that is off in these cases, where the service could be; null if it is in none. */
  readonly off: string | null;
  /** A Region that the service is not in; null if it is in all of them. */
  readonly notIn: { readonly region: string; readonly isOptIn: boolean } | null;
  /** Its code for "never switched on here", and what becomes of the same code in other words; null if it has none. */
  readonly notEnabled: { readonly code: string; readonly outcomeOtherwise: 'denied' | 'failed' } | null;
  readonly deniedCode: string;
  /** Its code for an account that is not the management account. */
  readonly memberCode: string;
  /** Scope of a further read in the home Region, which has no administrator of its own in these cases. */
  readonly alsoRead?: string;
}

export interface Administrator {
  readonly account: string;
  readonly status?: string;
}

export interface AdministratorCase {
  readonly name: string;
  readonly scenario: ScenarioInput;
  readonly faults: readonly FaultInput[];
  /** Who asks. */
  readonly account: string;
  readonly spec: object;
  readonly expected: AdministratorReading;
}

/** What a sync made of a table. */
export interface AdministratorReading {
  /** Null where the table was not announced, so that stored rows stay. */
  readonly rows: readonly Row[] | null;
  /** In the Regions that the spec names. */
  readonly reads: readonly Row[];
  /** True where the table has an error text. */
  readonly hasError: boolean;
}

type ByRegion = Readonly<Record<string, Administrator | readonly Administrator[] | null>>;

/** Syncs one table as the case says; compare what it returns with `expected`. */
export async function readAdministrators(
  { table, operation }: AdministratorService,
  { scenario, faults, account, spec }: AdministratorCase,
): Promise<AdministratorReading> {
  const simulator = await startSimulator({ scenario });
  try {
    for (const fault of faults) simulator.fault(fault);
    const synced = await syncFrom(simulator, { tables: [table], account, spec });
    const reads = synced.reads.filter((read) => read['table_name'] === table && read['outcome'] !== 'skipped');
    const text = synced.errors[table];
    return {
      rows: synced.announced.includes(table) ? inOrder(synced.tables[table] ?? []) : null,
      reads: inOrder(
        reads.map((read) => ({
          region: read['region'],
          operation: read['operation'],
          scope: read['scope'],
          outcome: read['outcome'],
          error_code: read['error_code'],
          request_count: read['request_count'],
          row_count: read['row_count'],
        })),
      ),
      // A text that does not name the operation helps nobody.
      hasError: text?.includes(operation) ?? false,
    };
  } finally {
    await simulator.close();
  }
}

/** Every way in which asking such a service can end, with the rows and the reads that must come of it. */
export function administratorCases(service: AdministratorService): AdministratorCase[] {
  const { operation, section, notEnabled, off, notIn, alsoRead, pageSize, deniedCode, memberCode } = service;

  const read = (region: string, outcome: string, more: Row = {}): Row => ({
    region,
    operation,
    scope: '',
    outcome,
    error_code: null,
    request_count: 1,
    row_count: 0,
    ...more,
  });
  const ok = (region: string, rows = 0, requests = 1): Row =>
    read(region, 'ok', { row_count: rows, request_count: requests });
  /** The read beside those of the Regions, where the service has one. */
  const also = (outcome = 'ok', more: Row = {}): Row[] =>
    alsoRead === undefined ? [] : [read(home, outcome, { scope: alsoRead, ...more })];
  const row = (region: string, administrator: Administrator): Row => ({
    account_id: management,
    region,
    ...service.columns(administrator, region),
  });
  const everywhere = (outcome: string, code: string): Row[] => [
    read(home, outcome, { error_code: code }),
    read(abroad, outcome, { error_code: code }),
    ...also(outcome, { error_code: code }),
  ];

  const cases: AdministratorCase[] = [];
  const add = (
    name: string,
    asked: {
      administrators?: ByRegion;
      settings?: object;
      scenario?: Partial<ScenarioInput>;
      faults?: FaultInput[];
      account?: string;
      spec?: object;
      regions?: string[];
    },
    expected: { rows: Row[] | null; reads: Row[]; hasError?: boolean },
  ): void => {
    const { administrators = {}, settings, scenario, faults = [], account = management, spec, regions = [] } = asked;
    cases.push({
      name,
      faults,
      account,
      spec: { regions: [home, abroad, ...regions], ...spec },
      scenario: {
        name: 'administrators',
        organization: {
          management_account_id: management,
          accounts: [
            { id: management, name: 'Management' },
            { id: security, name: 'Security' },
            { id: network, name: 'Network' },
          ],
        },
        [section]: { administrators, ...settings },
        ...scenario,
      },
      expected: {
        rows: expected.rows && inOrder(expected.rows),
        reads: inOrder(expected.reads),
        hasError: expected.hasError ?? false,
      },
    });
  };

  const one = { account: security };
  add('nobody', {}, { rows: [], reads: [ok(home), ok(abroad), ...also()] });
  add(
    'one in each Region, and not the same one',
    { administrators: { [home]: one, [abroad]: { account: network } } },
    {
      rows: [row(home, one), row(abroad, { account: network })],
      reads: [ok(home, 1), ok(abroad, 1), ...also()],
    },
  );
  add(
    'one, and nobody elsewhere',
    { administrators: { '*': one, [abroad]: null } },
    { rows: [row(home, one)], reads: [ok(home, 1), ok(abroad), ...also()] },
  );
  if (service.mayBeManagement) {
    const self = { account: management };
    add(
      'the management account',
      { administrators: { '*': self } },
      { rows: [row(home, self), row(abroad, self)], reads: [ok(home, 1), ok(abroad, 1), ...also()] },
    );
  }
  if (service.leaving !== null) {
    const leaving = { account: security, status: service.leaving };
    add(
      'one that is being removed',
      { administrators: { [home]: leaving } },
      { rows: [row(home, leaving)], reads: [ok(home, 1), ok(abroad), ...also()] },
    );
  }

  if (pageSize > 1) {
    const two = [
      { account: security, ...(service.leaving !== null && { status: service.leaving }) },
      { account: network },
    ];
    add(
      'two in one Region',
      { administrators: { [home]: two } },
      { rows: two.map((each) => row(home, each)), reads: [ok(home, 2), ok(abroad), ...also()] },
    );
    const many = Array.from({ length: pageSize + 1 }, (_, index) => ({ account: String(900_000_000_000 + index) }));
    add(
      'two pages',
      { administrators: { [home]: many } },
      { rows: many.map((each) => row(home, each)), reads: [ok(home, many.length, 2), ok(abroad), ...also()] },
    );
    add(
      'an empty page before the others',
      { administrators: { [home]: one }, scenario: { empty_pages: true } },
      { rows: [row(home, one)], reads: [ok(home, 1, 2), ok(abroad, 0, 2), ...also('ok', { request_count: 2 })] },
    );
  }

  add(
    'throttled, then fine',
    { administrators: { '*': one }, faults: [{ operation, region: abroad, kind: 'throttle', times: 2 }] },
    { rows: [row(home, one), row(abroad, one)], reads: [ok(home, 1), ok(abroad, 1, 3), ...also()] },
  );
  add(
    'denied',
    { administrators: { '*': one }, scenario: { denied: [operation] } },
    { rows: null, reads: everywhere('denied', deniedCode), hasError: true },
  );
  add(
    'denied in one Region',
    { administrators: { '*': one }, scenario: { denied: [{ action: operation, region: abroad }] } },
    {
      rows: [row(home, one)],
      reads: [ok(home, 1), read(abroad, 'denied', { error_code: deniedCode }), ...also()],
      hasError: true,
    },
  );
  add(
    'a member asks',
    { administrators: { '*': one }, account: security },
    { rows: null, reads: everywhere('denied', memberCode), hasError: true },
  );
  add(
    'an account of no organization asks',
    { scenario: { organization: null, default_account_id: management } },
    { rows: null, reads: everywhere('denied', memberCode), hasError: true },
  );

  if (notEnabled !== null) {
    const { code, outcomeOtherwise } = notEnabled;
    add(
      'not enabled anywhere',
      { settings: { not_enabled: '*' } },
      {
        rows: [],
        reads: [read(home, 'absent', { error_code: code }), read(abroad, 'absent', { error_code: code }), ...also()],
      },
    );
    add(
      'not enabled in one Region',
      { administrators: { '*': one }, settings: { not_enabled: [abroad] } },
      { rows: [row(home, one)], reads: [ok(home, 1), read(abroad, 'absent', { error_code: code }), ...also()] },
    );
    add(
      'the code of "not enabled" in words that nobody knows',
      {
        administrators: { '*': one },
        faults: [{ operation, region: abroad, kind: 'error', code, status: 403, message: 'No.' }],
        spec: { on_failure: 'report' },
      },
      {
        rows: [row(home, one)],
        reads: [ok(home, 1), read(abroad, outcomeOtherwise, { error_code: code }), ...also()],
        hasError: true,
      },
    );
  }

  if (notIn !== null) {
    const { region, isOptIn } = notIn;
    add(
      'not in this Region: not asked',
      {
        administrators: { '*': one },
        scenario: { opted_in_regions: isOptIn ? [region] : [] },
        regions: [region],
      },
      {
        rows: [row(home, one), row(abroad, one)],
        reads: [
          ok(home, 1),
          ok(abroad, 1),
          read(region, 'absent', { error_code: 'ServiceNotInRegion', request_count: 0 }),
          ...also(),
        ],
      },
    );
  }
  add(
    'no connection in a Region that the service is known to be in: no proof that nobody holds it',
    {
      administrators: { '*': one },
      settings: { absent_regions: [abroad] },
      spec: { on_failure: 'report' },
    },
    {
      rows: [row(home, one)],
      reads: [ok(home, 1), read(abroad, 'failed', { error_code: 'ECONNRESET', request_count: 3 }), ...also()],
      hasError: true,
    },
  );
  if (off !== null) {
    const both = [row(home, one), row(abroad, one)];
    const absent = (requests: number): Row =>
      read(off, 'absent', { error_code: 'RegionDisabled', request_count: requests });
    add(
      'a Region that is off: not asked',
      { administrators: { '*': one }, regions: [off] },
      { rows: both, reads: [ok(home, 1), ok(abroad, 1), absent(0), ...also()] },
    );
    add(
      'a Region that is off, where nobody may list them: asked',
      { administrators: { '*': one }, scenario: { denied: ['ec2:DescribeRegions'] }, regions: [off] },
      { rows: both, reads: [ok(home, 1), ok(abroad, 1), absent(1), ...also()] },
    );
  }
  return cases;
}

function inOrder(rows: readonly Row[]): Row[] {
  const place = (row: Row): string => JSON.stringify([row['region'], row['scope'], row['admin_account_id']]);
  return [...rows].sort((left, right) => (place(left) < place(right) ? -1 : 1));
}
