/** Members that carry on a list. AWS's services do not agree on a name. */
export const tokenMembers = ['NextToken', 'nextToken', 'Marker', 'PaginationToken'];

type Output = Record<string, unknown>;

type Turn =
  { isEnough: boolean; output: Output; error?: undefined } | { isEnough: true; output?: undefined; error: unknown };

/**
 * For trying calls instead of reading: each operation is sent until it has shown something, which is most often once.
 * The answer then has no further page, and whoever asks again gets the same answer without items, or the same error.
 * So a table's own code, which knows nothing of it, ends after the first page of each list.
 */
export class FirstAnswers {
  readonly #turns = new Map<string, Promise<Turn>>();

  /** @param isEmptyEnough where nothing else hangs on what a list shows, so that an empty one need not be asked for more. */
  constructor(readonly isEmptyEnough = false) {}

  async ask(operation: string, send: () => Promise<Output>): Promise<Output> {
    // One after the other: of several calls at once the first may be enough.
    const turn = this.#next(this.#turns.get(operation), send);
    this.#turns.set(operation, turn);
    const { output, error } = await turn;
    if (output === undefined) throw error;
    return output;
  }

  async #next(before: Promise<Turn> | undefined, send: () => Promise<Output>): Promise<Turn> {
    const last = await before;
    if (last?.isEnough === true)
      return last.output === undefined ? last : { ...last, output: withoutItems(last.output) };
    try {
      const output = await send();
      return this.isEmptyEnough || hasItems(output)
        ? { isEnough: true, output: lastPage(output) }
        : { isEnough: false, output };
    } catch (error) {
      return { isEnough: true, error };
    }
  }
}

/** What describes one thing has no list to be empty. */
function hasItems(output: Output): boolean {
  const lists = Object.values(output).filter((value) => Array.isArray(value));
  return lists.length === 0 || lists.some((list) => list.length > 0);
}

function lastPage(output: Output): Output {
  return Object.fromEntries(Object.entries(output).filter(([member]) => !tokenMembers.includes(member)));
}

function withoutItems(output: Output): Output {
  return Object.fromEntries(
    Object.entries(output).map(([member, value]) => [member, Array.isArray(value) ? [] : value]),
  );
}
