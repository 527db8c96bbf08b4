import { tokenMembers } from './first_answers.js';
import { AwsReadError } from './outcome.js';

/** How often one list is read again from its start because AWS does not take its page token (any more). */
const mostRereads = 2;

/** Of one list. AWS's longest, 50,000 accounts in pages of 20, has a quarter of it. */
const mostPages = 10_000;

/** Refuses a page token that was handed out before, or one too many: following it would never end. */
export class PageGuard {
  readonly #seen = new Map<string, Set<unknown>>();
  readonly #rereads = new Map<string, number>();

  check(operation: string, region: string, input: Record<string, unknown>, output: Record<string, unknown>): void {
    const member = tokenMembers.find((name) => typeof output[name] === 'string' && output[name] !== '');
    const list = nameOfList(operation, input);
    if (member === undefined) {
      this.#seen.delete(list);
      this.#rereads.delete(list);
      return;
    }
    const isFirstPage = tokenMembers.every((name) => input[name] === undefined);
    const seen = isFirstPage ? new Set<unknown>() : (this.#seen.get(list) ?? new Set());
    this.#seen.set(list, seen);
    if (seen.has(output[member])) {
      throw new AwsReadError(
        'failed',
        operation,
        region,
        'RepeatedPageToken',
        `${member} of page ${seen.size + 1} is one that was followed before: the list has no end`,
      );
    }
    seen.add(output[member]);
    if (seen.size >= mostPages) {
      throw new AwsReadError(
        'failed',
        operation,
        region,
        'EndlessList',
        `after ${seen.size} pages there is still one more`,
      );
    }
  }

  /** True so many times for each list; the pages to come are those of a new reading. */
  mayStartAgain(operation: string, input: Record<string, unknown>): boolean {
    const list = nameOfList(operation, input);
    const rereads = this.#rereads.get(list) ?? 0;
    this.#rereads.set(list, rereads + 1);
    return rereads < mostRereads;
  }
}

function nameOfList(operation: string, input: Record<string, unknown>): string {
  return `${operation} ${JSON.stringify(input, (name, value: unknown) => (tokenMembers.includes(name) ? undefined : value))}`;
}
