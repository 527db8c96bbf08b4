import type { PageDelegation, PageMethod, PageOrganization } from '../../report/page_data.js';
import { groupBy, isText, unique } from './groups.js';
import { methods } from './kinds.js';

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
}

export function holdersOf({ delegations, managementAccountId }: PageOrganization): Holder[] {
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
      methods: methodsOf(rows),
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

function methodsOf(rows: readonly PageDelegation[]): PageMethod[] {
  return methods.filter((method) => rows.some((row) => row.method === method));
}

function regionsOf(rows: readonly PageDelegation[]): string[] {
  return unique(rows.map(({ region }) => region).filter(isText)).sort();
}

/** What is said where there is no holder: that there is none takes all answers. */
export function nobodyHolds({ openQuestions }: PageOrganization): string {
  return openQuestions.length > 0 ? 'Nobody holds a delegation, as far as it was read.' : 'Nobody holds a delegation.';
}

function holdingOf(service: string, rows: readonly PageDelegation[]): Holding {
  const [first] = rows;
  const unsettled = groupBy(
    rows.filter(({ isHeld }) => !isHeld),
    ({ status }) => status ?? 'not settled',
  );
  return {
    service,
    serviceName: first?.serviceName ?? service,
    category: first?.category ?? 'unknown',
    methods: methodsOf(rows),
    regions: regionsOf(rows),
    unsettled: [...unsettled].map(([status, own]) => ({ status, regions: regionsOf(own) })),
    isHeld: rows.some(({ isHeld }) => isHeld),
    since:
      rows
        .map(({ since }) => since)
        .filter(isText)
        .sort()[0] ?? null,
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
