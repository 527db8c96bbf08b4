import { format, resolveConfig } from 'prettier';
import { FAULT_KINDS, type FaultKind } from '../../src/simulator/index.js';
import { kinds } from './kinds.js';

export interface Told {
  readonly operation: string;
  readonly kind: FaultKind;
  /** Undefined where the fault cannot happen. */
  readonly ending: string | undefined;
}

const introduction = `# What a fault comes to

Each operation that a sync asks, each fault that the road to AWS can have, and how the read ends whose every request meets it. The table is
made by \`test/faults/matrix.test.ts\`, which lets each operation meet each fault of the simulator and fails where one of them ends otherwise than
is written down for it, or where this page is out of date.

- \`ok\`: the read comes to the same rows as without the fault.
- \`denied\`, \`failed\`: so it says in \`aws_delegation_reads\`, with the code of the error and what to do; see [reads](reads.md).
- \`no sync\`: without knowing who asks nothing is read or written, and the error says what to check. The exit code is 4.
- \`-\`: cannot happen, because the operation has no pages.

With \`on_failure: report\` a sync goes on where a read has failed: the rows of that read stay as an earlier sync has left them, a rule that leans
on it says \`unknown\` and never \`pass\`, and the exit code is 2. With \`on_failure: fail\`, which is the default, the sync ends there: nothing is
written, the error names the operation, the Region and what to do, and the exit code is 4. Denied reads are reported unless \`on_denied: fail\` is set.

A fault that strikes once and not again is mended by the next try, and then leaves no trace but in \`request_count\`; the list below says which.
`;

/** `docs/faults.md`: operations down, faults across. */
export async function faultsPage(told: readonly Told[]): Promise<string> {
  const faults = FAULT_KINDS.map((kind) => {
    const { what, isMendedByRetry, forEver } = kinds[kind];
    return [`\`${kind}\``, what, forEver === 'ok' ? '-' : isMendedByRetry ? 'yes' : 'no'];
  });
  const operations = [...new Set(told.map(({ operation }) => operation))].sort();
  const endings = new Map(told.map(({ operation, kind, ending }) => [`${operation} ${kind}`, ending ?? '-']));
  const rows = operations.map((operation) => [
    `\`${operation}\``,
    ...FAULT_KINDS.map((kind) => endings.get(`${operation} ${kind}`) ?? 'not tried'),
  ]);
  const text = [
    introduction,
    '## The faults',
    table(['fault', 'what happens', 'mended by the next try'], faults),
    '## How each read ends',
    table(['operation', ...FAULT_KINDS.map((kind) => `\`${kind}\``)], rows),
  ].join('\n\n');
  const path = new URL('../../docs/faults.md', import.meta.url).pathname;
  return format(text, { ...(await resolveConfig(path)), parser: 'markdown' });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
