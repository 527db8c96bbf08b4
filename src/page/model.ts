// What the sections show, worked out once from the data of one organization. Knows nothing of a browser.
import type {
  Denial,
  PageAccounts,
  PageData,
  PageDelegation,
  PageMethod,
  PageOrganization,
  PageQuestion,
  PageRule,
  PageSeverity,
  PageStatus,
  PageUnit,
  PageVerdict,
} from '../report/page_data.js';

export const severities: readonly PageSeverity[] = ['critical', 'high', 'medium', 'low'];
/** Worst first. */
export const statuses: readonly PageStatus[] = ['fail', 'unknown', 'waived', 'pass', 'not_applicable'];
export const methods: readonly PageMethod[] = ['organizations', 'service', 'resource_policy'];

export const methodNames: Readonly<Record<PageMethod, string>> = {
  organizations: 'Organizations',
  service: 'the service itself',
  resource_policy: 'the delegation policy',
};

/** `Organizations and the service itself` */
export function methodList(some: readonly PageMethod[]): string {
  return some.map((method) => methodNames[method]).join(' and ');
}

/** The first letter as a sentence has it. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

export const causeNames: Readonly<Record<string, string>> = {
  unread: 'a read is missing',
  not_configured: 'the spec does not say',
  not_observable: 'not shown here',
};

export interface Holder {
  readonly account: string;
  readonly name: string | null;
  readonly path: string | null;
  readonly state: string | null;
  readonly isManagement: boolean;
  /** Two letters that no other holder has. */
  readonly code: string;
  /** 0 to 7: a colour; the management account has one of its own. */
  readonly hue: number;
  readonly holdings: readonly Holding[];
  readonly methods: readonly PageMethod[];
  readonly regions: readonly string[];
}

/** What one account holds of one service. */
export interface Holding {
  readonly service: string;
  readonly serviceName: string;
  readonly category: string;
  readonly methods: readonly PageMethod[];
  readonly regions: readonly string[];
  /** What the service says where it is not settled. */
  readonly unsettled: readonly { readonly status: string; readonly regions: readonly string[] }[];
  readonly isHeld: boolean;
  readonly since: string | null;
  readonly principals: readonly string[];
}

export interface RuleState {
  readonly index: number;
  readonly rule: PageRule;
  readonly counts: Readonly<Record<PageStatus, number>>;
  readonly causes: Readonly<Record<string, number>>;
  readonly total: number;
  /** Null where the rule was not run. */
  readonly worst: PageStatus | null;
  readonly verdicts: readonly PageVerdict[];
}

export type CellKind = 'held' | 'nobody' | 'unread' | 'absent';

export interface Cell {
  readonly kind: CellKind;
  readonly holders: readonly Holder[];
  /** Somebody is named, and the service is about to begin or to end it: the states. */
  readonly unsettled: readonly string[];
  /** One sentence for each thing that does not fit together. */
  readonly differences: readonly string[];
  /** Why nobody knows, or not all. */
  readonly problem: string | null;
}

export interface MatrixRow {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly isSecurity: boolean;
  /** False where it is certain that nobody holds it and that it is not in use. */
  readonly isShown: boolean;
  /** Null where Organizations has no say. */
  readonly registered: Cell | null;
  /** By Region, in the order of the Regions; null where one answer stands for all. */
  readonly cells: readonly Cell[] | null;
  /** The one answer of the service itself, or of the delegation policy; null where there is none but that of Organizations. */
  readonly whole: Cell | null;
  readonly hasDifference: boolean;
  readonly hasUnread: boolean;
}

export interface UnitState {
  readonly index: number;
  readonly unit: PageUnit;
  readonly depth: number;
  readonly children: readonly number[];
  /** Accounts directly in it. */
  readonly accounts: readonly number[];
  /** Of it and of all below. */
  readonly accountCount: number;
  readonly holders: readonly Holder[];
  /** For each control, how many accounts of it and below are in which state. */
  readonly denials: readonly Readonly<Record<Denial, number>>[];
}

export interface Model {
  readonly data: PageData;
  readonly organization: PageOrganization;
  readonly rules: readonly RuleState[];
  readonly holders: readonly Holder[];
  readonly holderOf: ReadonlyMap<string, Holder>;
  readonly accountIndex: ReadonlyMap<string, number>;
  readonly regions: readonly string[];
  readonly matrix: readonly MatrixRow[];
  readonly units: readonly UnitState[];
  /** ACTIVE accounts other than the management account; null where accounts were not read. */
  readonly memberCount: number | null;
  /** By what was read, as a number of reads. */
  readonly coverage: Readonly<Record<string, number>>;
  readonly totals: Readonly<Record<PageStatus, number>>;
  readonly bySeverity: Readonly<Record<PageSeverity, Readonly<Record<PageStatus, number>>>>;
}

export function makeModel(data: PageData, organization: PageOrganization): Model {
  const rules = ruleStates(data, organization);
  const holders = holdersOf(organization);
  const holderOf = new Map(holders.map((holder) => [holder.account, holder]));
  const accountIndex = new Map(organization.accounts.ids.map((id, index) => [id, index]));
  const regions = regionsOf(organization);
  const totals = noCounts();
  const bySeverity = { critical: noCounts(), high: noCounts(), medium: noCounts(), low: noCounts() };
  for (const { rule, counts } of rules) {
    for (const status of statuses) {
      totals[status] += counts[status];
      bySeverity[rule.severity][status] += counts[status];
    }
  }
  const coverage: Record<string, number> = { ok: 0, absent: 0, skipped: 0, denied: 0, failed: 0 };
  for (const { outcome, count } of organization.reads) coverage[outcome] = (coverage[outcome] ?? 0) + count;
  return {
    data,
    organization,
    rules,
    holders,
    holderOf,
    accountIndex,
    regions,
    matrix: matrixOf(organization, regions, holderOf),
    units: unitStates(organization, holders, accountIndex),
    memberCount: memberCountOf(organization),
    coverage,
    totals,
    bySeverity,
  };
}

const noCounts = (): Record<PageStatus, number> => ({ fail: 0, unknown: 0, waived: 0, pass: 0, not_applicable: 0 });

function ruleStates({ rules, ranOnly }: PageData, { counts, verdicts }: PageOrganization): RuleState[] {
  const states = rules.map((rule, index) => {
    const causes: Record<string, number> = {};
    const worst = null as PageStatus | null;
    const verdicts: PageVerdict[] = [];
    return { index, rule, counts: noCounts(), causes, total: 0, worst, verdicts };
  });
  for (const { rule, status, cause, count } of counts) {
    const state = states[rule];
    if (!state) continue;
    state.counts[status] += count;
    state.total += count;
    if (cause !== null) state.causes[cause] = (state.causes[cause] ?? 0) + count;
  }
  for (const verdict of verdicts) states[verdict.rule]?.verdicts.push(verdict);
  for (const state of states) {
    const wasRun = ranOnly === null || ranOnly.includes(state.rule.id);
    state.worst = wasRun ? (statuses.find((status) => state.counts[status] > 0) ?? null) : null;
    state.verdicts.sort((left, right) => statuses.indexOf(left.status) - statuses.indexOf(right.status));
  }
  return states;
}

/** The worst first, then the most severe. */
export function byUrgency(left: RuleState, right: RuleState): number {
  const place = ({ worst }: RuleState): number => (worst === null ? statuses.length : statuses.indexOf(worst));
  return (
    place(left) - place(right) ||
    severities.indexOf(left.rule.severity) - severities.indexOf(right.rule.severity) ||
    right.counts.fail - left.counts.fail ||
    left.rule.title.localeCompare(right.rule.title)
  );
}

function groupBy<Value, Key>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];
const isText = (value: string | null): value is string => value !== null;

function holdersOf({ delegations, managementAccountId }: PageOrganization): Holder[] {
  const byAccount = groupBy(delegations, ({ account }) => account);
  const found = [...byAccount].map(([account, rows]) => {
    const holdings = [...groupBy(rows, ({ service }) => service)].map(([service, own]) => holdingOf(service, own));
    holdings.sort((left, right) => left.serviceName.localeCompare(right.serviceName));
    const [first] = rows;
    return {
      account,
      name: first?.accountName ?? null,
      path: first?.path ?? null,
      state: first?.state ?? null,
      isManagement: account === managementAccountId || first?.isManagement === true,
      holdings,
      methods: methods.filter((method) => rows.some((row) => row.method === method)),
      regions: unique(rows.map(({ region }) => region).filter(isText)).sort(),
    };
  });
  found.sort(
    (left, right) => right.holdings.length - left.holdings.length || left.account.localeCompare(right.account),
  );
  const codes = new Set<string>();
  let hue = 0;
  return found.map((holder) => ({
    ...holder,
    code: codeFor(holder.account, holder.name, codes),
    hue: holder.isManagement ? -1 : hue++ % 8,
  }));
}

function holdingOf(service: string, rows: readonly PageDelegation[]): Holding {
  const [first] = rows;
  const regionsOf = (some: readonly PageDelegation[]): string[] =>
    unique(some.map(({ region }) => region).filter(isText)).sort();
  const unsettled = groupBy(
    rows.filter(({ isHeld }) => !isHeld),
    ({ status }) => status ?? 'not settled',
  );
  return {
    service,
    serviceName: first?.serviceName ?? service,
    category: first?.category ?? 'unknown',
    methods: methods.filter((method) => rows.some((row) => row.method === method)),
    regions: regionsOf(rows),
    unsettled: [...unsettled].map(([status, own]) => ({ status, regions: regionsOf(own) })),
    isHeld: rows.some(({ isHeld }) => isHeld),
    since:
      rows
        .map(({ since }) => since)
        .filter(isText)
        .sort()[0] ?? null,
    principals: unique(rows.map(({ principal }) => principal).filter(isText)),
  };
}

/** Initials, and where somebody has them already others of the name, then numbers. */
function codeFor(account: string, name: string | null, taken: Set<string>): string {
  if (account === '*') return '✱';
  const words = ((name ?? '').normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => Array.from(word));
  const [one = [], two] = words;
  const [first = ''] = one;
  const candidates = [
    two ? first + (two[0] ?? '') : one.slice(0, 2).join(''),
    ...words
      .slice(1)
      .concat(one.slice(1))
      .flat()
      .map((letter) => first + letter),
    ...Array.from({ length: 9 }, (_nothing, number) => `${first || '#'}${number + 1}`),
    account.slice(-2),
  ].map((code) => code.toUpperCase());
  const code = candidates.find((each) => Array.from(each).length === 2 && !taken.has(each)) ?? account.slice(-4);
  taken.add(code);
  return code;
}

function regionsOf({ regions, delegations, questions }: PageOrganization): string[] {
  const seen = [...delegations, ...questions].map(({ region }) => region).filter(isText);
  return unique([...regions, ...seen]).sort();
}

function memberCountOf({ accounts, managementAccountId, tables }: PageOrganization): number | null {
  if (tables.find(({ name }) => name === 'aws_organizations_accounts')?.wasRead !== true) return null;
  const active = accounts.stateNames.indexOf('ACTIVE');
  return accounts.states.filter((state, index) => state === active && accounts.ids[index] !== managementAccountId)
    .length;
}

// --- The matrix

function matrixOf(
  organization: PageOrganization,
  regions: readonly string[],
  holderOf: ReadonlyMap<string, Holder>,
): MatrixRow[] {
  const { services, delegations, questions } = organization;
  const held = groupBy(delegations, ({ service, method }) => `${service} ${method}`);
  const asked = groupBy(questions, ({ service, method }) => `${service} ${method}`);
  const known = new Set(services.flatMap(({ id, group }) => [id, group]));
  const unknown = unique(delegations.filter(({ service }) => !known.has(service)).map(({ service }) => service)).map(
    (id) => {
      const row = delegations.find(({ service }) => service === id);
      return {
        id,
        name: row?.serviceName ?? id,
        category: row?.category ?? 'unknown',
        isSecurity: false,
        methods: methods.filter((method) => held.has(`${id} ${method}`)),
        isRegional: false,
        group: id,
        mayDiffer: true,
        isUsed: true,
      };
    },
  );
  return [...services, ...unknown].map((service): MatrixRow => {
    const of = (
      method: PageMethod,
      id: string,
    ): { rows: readonly PageDelegation[]; open: readonly PageQuestion[] } => ({
      rows: held.get(`${id} ${method}`) ?? [],
      open: asked.get(`${id} ${method}`) ?? [],
    });
    const make = (rows: readonly PageDelegation[], open: readonly PageQuestion[], isAbsent = false): Cell =>
      cellOf(rows, open, holderOf, isAbsent);
    const registration = of('organizations', service.group);
    const registered = service.methods.includes('organizations') ? make(registration.rows, registration.open) : null;
    const own = of('service', service.id);
    const policy = of('resource_policy', service.id);
    // Without a Region it is the Regions that are not known, or a service that this version cannot ask.
    const general = own.open.filter(({ region }) => region === null);
    const isRegional = service.isRegional && (own.rows.length > 0 || own.open.length > 0) && regions.length > 0;
    let cells: Cell[] | null = null;
    let whole: Cell | null = null;
    if (isRegional) {
      const rowsIn = groupBy(own.rows, ({ region }) => region);
      const openIn = groupBy(own.open, ({ region }) => region);
      const bare = regions.map((region) => {
        const open = openIn.get(region) ?? [];
        const rows = rowsIn.get(region) ?? [];
        return make(rows, open.length === 0 ? general : open, open.length === 0 && general.length === 0);
      });
      cells = withDifferences(bare, registered, service.mayDiffer);
    } else if (own.rows.length > 0 || own.open.length > 0) {
      whole = withDifferences([make(own.rows, own.open)], registered, true)[0] ?? null;
    } else if (service.methods.includes('resource_policy')) {
      whole = make(policy.rows, policy.open);
    }
    const all = [...(registered ? [registered] : []), ...(cells ?? []), ...(whole ? [whole] : [])];
    const hasUnread = all.some(({ kind, problem }) => kind === 'unread' || problem !== null);
    return {
      id: service.id,
      name: service.name,
      category: service.category,
      isSecurity: service.isSecurity,
      isShown: service.isUsed !== false || all.some(({ kind }) => kind === 'held') || hasUnread,
      registered,
      cells,
      whole,
      hasDifference: all.some(({ differences }) => differences.length > 0),
      hasUnread,
    };
  });
}

/** Nobody is a thing to know: it takes an answer. */
function cellOf(
  rows: readonly PageDelegation[],
  questions: readonly PageQuestion[],
  holderOf: ReadonlyMap<string, Holder>,
  isAbsent: boolean,
): Cell {
  const unread = questions.find(({ wasRead }) => !wasRead);
  const problem = unread ? (unread.error ?? 'it was not read') : null;
  const kind: CellKind =
    rows.length > 0 ? 'held' : isAbsent ? 'absent' : questions.length > 0 && !unread ? 'nobody' : 'unread';
  return {
    kind,
    holders: unique(rows.map(({ account }) => account)).flatMap((account) => holderOf.get(account) ?? []),
    unsettled: unique(rows.filter(({ isHeld }) => !isHeld).map(({ status }) => status ?? 'not settled')),
    differences: [],
    problem: kind === 'unread' ? (problem ?? 'no question about it is recorded') : problem,
  };
}

const accountsOf = (cell: Cell): string =>
  cell.holders
    .map(({ account }) => account)
    .sort()
    .join(' ');
const namesOf = (cell: Cell): string =>
  cell.holders.length === 0 ? 'nobody' : cell.holders.map(({ account, name }) => name ?? account).join(' and ');

/** What was read is compared, and nothing is concluded from what was not. */
function withDifferences(cells: readonly Cell[], registered: Cell | null, mayDiffer: boolean): Cell[] {
  const isKnown = ({ kind, problem }: Cell): boolean => (kind === 'held' || kind === 'nobody') && problem === null;
  const counts = new Map<string, { count: number; cell: Cell }>();
  for (const cell of cells) {
    if (cell.kind !== 'held') continue;
    const found = counts.get(accountsOf(cell));
    counts.set(accountsOf(cell), { cell, count: (found?.count ?? 0) + 1 });
  }
  const usual = [...counts.values()].sort((left, right) => right.count - left.count)[0]?.cell;
  return cells.map((cell) => {
    if (!isKnown(cell)) return cell;
    const differences: string[] = [];
    if (registered && isKnown(registered) && accountsOf(registered) !== accountsOf(cell)) {
      differences.push(`Organizations names ${namesOf(registered)}, and the service itself ${namesOf(cell)}`);
    }
    if (!mayDiffer && usual && accountsOf(usual) !== accountsOf(cell)) {
      differences.push(`in other Regions it is ${namesOf(usual)}`);
    }
    return { ...cell, differences };
  });
}

// --- The organizational units

const noDenials = (): Record<Denial, number> => ({ whole: 0, partial: 0, none: 0, unknown: 0, not_applicable: 0 });

function unitStates(
  { units, accounts, guardrails }: PageOrganization,
  holders: readonly Holder[],
  accountIndex: ReadonlyMap<string, number>,
): UnitState[] {
  const states = units.map((unit, index) => ({
    index,
    unit,
    depth: 0,
    children: [] as number[],
    accounts: [] as number[],
    accountCount: 0,
    holders: [] as Holder[],
    denials: guardrails.controls.map(noDenials),
  }));
  for (const state of states) {
    const above = states[state.unit.parent];
    if (above === undefined || above === state) continue;
    state.depth = above.depth + 1;
    above.children.push(state.index);
  }
  accounts.units.forEach((place, index) => {
    const state = states[place];
    if (!state) return;
    state.accounts.push(index);
    state.accountCount++;
    guardrails.classes[accounts.classes[index] ?? -1]?.forEach((found, control) => {
      const denials = state.denials[control];
      if (found && denials) denials[found[0]]++;
    });
  });
  // Each comes after the one above.
  for (const state of [...states].reverse()) {
    const above = states[state.unit.parent];
    if (above === undefined || above === state) continue;
    above.accountCount += state.accountCount;
    state.denials.forEach((denials, control) => {
      const sum = above.denials[control];
      if (sum) for (const denial of Object.keys(denials) as Denial[]) sum[denial] += denials[denial];
    });
  }
  for (const holder of holders) {
    const index = accountIndex.get(holder.account);
    if (index !== undefined) states[accounts.units[index] ?? -1]?.holders.push(holder);
  }
  return states;
}

/** Holders in a unit and below, the first of the organization first. */
export function holdersBelow(units: readonly UnitState[], index: number): Holder[] {
  const state = units[index];
  if (!state) return [];
  return [...state.holders, ...state.children.flatMap((child) => holdersBelow(units, child))];
}

/** What many accounts come to: in doubt the worse, and what is not known is never drawn like a guardrail. */
export function denialOfAll(denials: Readonly<Record<Denial, number>>): Denial {
  const judged = denials.whole + denials.partial + denials.none + denials.unknown;
  if (judged === 0) return 'not_applicable';
  if (denials.unknown > 0) return 'unknown';
  if (denials.whole === judged) return 'whole';
  return denials.none === judged ? 'none' : 'partial';
}

export interface GuardrailReason {
  readonly denial: Denial;
  readonly reason: string;
  readonly count: number;
}

/** Why a control is as it is for these accounts, the most accounts first. */
export function reasonsOf(
  { guardrails, accounts }: PageOrganization,
  members: readonly number[],
  control: number,
): GuardrailReason[] {
  const found = new Map<string, { denial: Denial; reason: string; count: number }>();
  for (const member of members) {
    const entry = guardrails.classes[accounts.classes[member] ?? -1]?.[control];
    if (!entry) continue;
    const key = `${entry[0]} ${entry[1]}`;
    const known = found.get(key);
    if (known) known.count++;
    else found.set(key, { denial: entry[0], reason: guardrails.reasons[entry[1]] ?? '', count: 1 });
  }
  return [...found.values()].sort((left, right) => right.count - left.count);
}

/** The accounts of a unit and of all below. */
export function accountsBelow(units: readonly UnitState[], index: number): number[] {
  const state = units[index];
  if (!state) return [];
  return [...state.accounts, ...state.children.flatMap((child) => accountsBelow(units, child))];
}

// --- How far a holder reaches

export interface Reach {
  /** ACTIVE member accounts other than its own; null where accounts were not read. */
  readonly count: number | null;
  readonly note: string | null;
}

interface Scope {
  readonly AccountScope?: { Accounts?: string[]; AllAccountsEnabled?: boolean; ExcludeSpecifiedAccounts?: boolean };
  readonly OrganizationalUnitScope?: {
    OrganizationalUnits?: string[];
    AllOrganizationalUnitsEnabled?: boolean;
    ExcludeSpecifiedOrganizationalUnits?: boolean;
  };
}

/** An administrator reaches every member, unless its service says less; only Firewall Manager does. */
export function reachOf(model: Model, holder: Holder, service?: string): Reach {
  const { organization, memberCount } = model;
  if (memberCount === null) return { count: null, note: 'accounts were not read' };
  const all = memberCount - (isActiveMember(model, holder.account) ? 1 : 0);
  const scoped = organization.scopes.find((scope) => scope.service === service && scope.account === holder.account);
  if (service === undefined || scoped === undefined) return { count: all, note: null };
  const { AccountScope: own = {}, OrganizationalUnitScope: units = {} } = (scoped.scope ?? {}) as Scope;
  if (own.AllAccountsEnabled !== false && units.AllOrganizationalUnitsEnabled !== false)
    return { count: all, note: null };
  const inUnits = new Set<number>();
  for (const id of units.OrganizationalUnits ?? []) {
    const state = model.units.find(({ unit }) => unit.id === id);
    if (state) for (const account of accountsBelow(model.units, state.index)) inUnits.add(account);
  }
  const named = new Set((own.Accounts ?? []).flatMap((id) => model.accountIndex.get(id) ?? []));
  const isIn = (account: number): boolean =>
    (own.AllAccountsEnabled !== true &&
      named.has(account) !== (own.ExcludeSpecifiedAccounts === true) &&
      named.size > 0) ||
    (units.AllOrganizationalUnitsEnabled !== true &&
      inUnits.has(account) !== (units.ExcludeSpecifiedOrganizationalUnits === true) &&
      inUnits.size > 0);
  const count = organization.accounts.ids.filter(
    (id, index) => id !== holder.account && isActiveMember(model, id) && isIn(index),
  ).length;
  return { count, note: 'its scope in the service' };
}

function isActiveMember({ organization, accountIndex }: Model, account: string): boolean {
  const { accounts, managementAccountId } = organization;
  const index = accountIndex.get(account);
  return (
    index !== undefined &&
    account !== managementAccountId &&
    accounts.stateNames[accounts.states[index] ?? -1] === 'ACTIVE'
  );
}

// --- Verdicts

/** Numbers of the accounts in `[first, how many, ...]`. */
export function fromRuns(runs: readonly number[]): number[] {
  const numbers: number[] = [];
  for (let place = 0; place < runs.length; place += 2) {
    const first = runs[place] ?? 0;
    for (let step = 0; step < (runs[place + 1] ?? 0); step++) numbers.push(first + step);
  }
  return numbers;
}

export function inRuns(runs: readonly number[], number: number): boolean {
  for (let place = 0; place < runs.length; place += 2) {
    const first = runs[place] ?? 0;
    if (number >= first && number < first + (runs[place + 1] ?? 0)) return true;
  }
  return false;
}

export const lengthOfRuns = (runs: readonly number[]): number =>
  runs.reduce((sum, value, place) => (place % 2 === 1 ? sum + value : sum), 0);

/** Verdicts about a service (and a Region of it), by what they name as their resource. */
export function verdictsAbout(model: Model, service: string, region?: string): PageVerdict[] {
  return byWeight(
    model,
    ({ resource, regions }) =>
      (resource === service || resource?.startsWith(`${service} `) === true) &&
      (region === undefined || regions.length === 0 || regions.includes(region)),
  );
}

export function verdictsOnAccount(model: Model, account: string): PageVerdict[] {
  const index = model.accountIndex.get(account);
  return byWeight(
    model,
    ({ labels, accounts, accountIds }) =>
      accountIds.includes(account) || (index !== undefined && (inRuns(labels, index) || inRuns(accounts, index))),
  );
}

/** What is no pass, the worst and the most severe first. */
function byWeight({ organization, data }: Model, isWanted: (verdict: PageVerdict) => boolean): PageVerdict[] {
  const weight = ({ status, rule }: PageVerdict): number =>
    statuses.indexOf(status) * severities.length + severities.indexOf(data.rules[rule]?.severity ?? 'low');
  return organization.verdicts
    .filter((verdict) => verdict.status !== 'pass' && verdict.status !== 'not_applicable' && isWanted(verdict))
    .sort((left, right) => weight(left) - weight(right));
}

/** As reasons name an account. */
export function accountLabel(accounts: PageAccounts, units: readonly PageUnit[], index: number): string {
  const place = accounts.units[index] ?? -1;
  const path = place === 0 ? 'directly at the root' : units[place]?.path;
  const parts = [accounts.names[index], path].filter((part) => part !== null && part !== undefined);
  return `${accounts.ids[index] ?? ''} (${parts.join(', ')})`;
}

// --- Words

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

export function numberText(count: number): string {
  return count.toLocaleString('en-US');
}

export function statusName(status: PageStatus): string {
  return status === 'not_applicable' ? 'not applicable' : status;
}

/** `29 Nov 2026, 03:37 UTC` */
export function timeText(iso: string | null): string {
  if (iso === null) return 'not known';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const hasTime = iso.includes('T');
  return hasTime ? `${day}, ${date.toISOString().slice(11, 16)} UTC` : day;
}

/** `3 days ago`; of what lies ahead, `in 3 days`. */
export function ageText(iso: string, now: number): string {
  const minutes = Math.round((now - new Date(iso).getTime()) / 60_000);
  const size = Math.abs(minutes);
  const text =
    size < 90
      ? plural(size, 'minute')
      : size < 48 * 60
        ? plural(Math.round(size / 60), 'hour')
        : plural(Math.round(size / 1440), 'day');
  if (size < 1) return 'just now';
  return minutes < 0 ? `in ${text}` : `${text} ago`;
}

export function isTooOld({ syncTime, maxAgeHours }: PageOrganization, now: number): boolean {
  return syncTime === null || now - new Date(syncTime).getTime() > maxAgeHours * 3_600_000;
}

const controlNames: Readonly<Record<string, string>> = {
  leave_organization: 'Leaving the organization',
  allowed_regions: 'Other Regions',
  organization_trail: 'Organization trail',
  'access-analyzer': 'Access Analyzer',
  'audit-manager': 'Audit Manager',
  cloudtrail: 'CloudTrail',
  config: 'Config',
  detective: 'Detective',
  guardduty: 'GuardDuty',
  inspector: 'Inspector',
  macie: 'Macie',
  'security-lake': 'Security Lake',
  securityhub: 'Security Hub',
};

export function controlName(control: string): string {
  return controlNames[control] ?? control.replace(/[_-]/g, ' ');
}
