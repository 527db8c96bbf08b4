import type { PageDelegation, PageMethod, PageOrganization, PageQuestion } from '../../report/page_data.js';
import { groupBy, isText, unique } from './groups.js';
import type { Holder } from './holder.js';
import { methods } from './kinds.js';

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

export function regionsOf({ regions, delegations, questions }: PageOrganization): string[] {
  const seen = [...delegations, ...questions].map(({ region }) => region).filter(isText);
  return unique([...regions, ...seen]).sort();
}

export function matrixOf(
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
