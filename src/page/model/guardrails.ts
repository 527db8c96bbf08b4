import type { Denial, PageOrganization } from '../../report/page_data.js';

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
