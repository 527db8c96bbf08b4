import type { RuleResult } from '../rules/index.js';

/** What a sentence about a verdict needs. */
export type Sentenced = Pick<
  RuleResult,
  'organizationId' | 'accountId' | 'region' | 'resourceId' | 'status' | 'unknownCause' | 'waiver' | 'reason'
>;

/** Findings that are the same but for their Region, or for their account, told as one. */
export interface Told<Row extends Sentenced = RuleResult> {
  readonly row: Row;
  readonly reason: string;
  /** How many rows it stands for. */
  readonly count: number;
}

/** In the order of the rows given. Nobody reads the same sentence for each of thirty Regions or a thousand accounts. */
export function toldOnce<Row extends Sentenced>(rows: readonly Row[]): Told<Row>[] {
  const groups = new Map<string, { row: Row; sentence: Sentence; names: string[] }>();
  for (const row of rows) {
    const { organizationId, accountId, resourceId, status, unknownCause, waiver } = row;
    const sentence = sentenceOf(row);
    const { kind, before, after } = sentence;
    // A rule that judges accounts has the account as its resource, too.
    const thing = kind === 'accounts' ? [resourceId === accountId || resourceId] : [accountId, resourceId];
    const key = JSON.stringify([organizationId, status, unknownCause, waiver, kind, before, after, ...thing]);
    const group = groups.get(key);
    if (group) group.names.push(sentence.name);
    else groups.set(key, { row, sentence, names: [sentence.name] });
  }
  return [...groups.values()].map(({ row, sentence: { kind, before, after }, names }) => ({
    row,
    reason: `${before}${listOf(names, kind)}${after}`,
    count: names.length,
  }));
}

/** A reason, taken apart at the name in which it may differ from others. */
export interface Sentence {
  readonly kind: 'Regions' | 'accounts';
  readonly before: string;
  readonly name: string;
  readonly after: string;
}

export function sentenceOf({ reason, region, accountId }: Sentenced): Sentence {
  const [before = '', after, ...others] = region === null ? [] : reason.split(region);
  if (region !== null && after !== undefined && others.length === 0)
    return { kind: 'Regions', before, name: region, after };
  const end = reason.indexOf('): ') + 1;
  const isLabel = accountId !== null && end > 0 && reason.startsWith(`${accountId} (`);
  return isLabel
    ? { kind: 'accounts', before: '', name: reason.slice(0, end), after: reason.slice(end) }
    : { kind: 'accounts', before: reason, name: '', after: '' };
}

function listOf(names: readonly string[], kind: string): string {
  if (names[0] === '') return '';
  if (names.length <= 3) return [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');
  const more = names.length - 3;
  return `${names.slice(0, 3).join(', ')} and ${more} more ${more === 1 ? kind.slice(0, -1) : kind}`;
}
