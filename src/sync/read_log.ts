import { AwsReadError, worse, type CallReport, type Outcome } from '../aws/index.js';
import type { ReadRecord, Settings, Table } from '../schema/index.js';
import { unasked, type Unasked } from './regions.js';

/** What an error says, without the answer that it came in: there can be one per account. */
export type Ending = Pick<AwsReadError, 'operation' | 'code' | 'message'> & {
  outcome: Exclude<Outcome, 'ok'>;
};

interface Operation {
  /** Where it was asked: what concerns the whole organization is not asked where the table is read. */
  region: string;
  requests: number;
  answers: number;
  startedAt: Date;
  endedAt: number;
  /** By scope; '' for what concerns the whole read. */
  errors: Map<string, Ending>;
  /** Requests by the scope that it was asked in, where a table is read in several accounts. */
  asked: Map<string, number>;
}

/** What happened while one table was read in one Region; ends as rows of aws_delegation_reads. */
export class ReadLog {
  readonly #operations = new Map<string, Operation>();
  readonly #blockedBy = new Map<string, Ending>();
  #stoppedBy: Ending | undefined;
  rows = 0;

  constructor(
    readonly table: Table,
    readonly region: string,
    /** Of the read as a whole; '' but for {@link Table.once}. */
    readonly scope = '',
  ) {}

  /** @param pages of the same list that were answered before: where this one is not, they are no answer either. */
  add(call: CallReport, scope = '', pages = 0): void {
    const operation = this.#operation(call.operation, call.startedAt, call.region);
    operation.requests += call.requests;
    if (call.startedAt < operation.startedAt) operation.startedAt = call.startedAt;
    operation.endedAt = Math.max(operation.endedAt, call.startedAt.getTime() + call.durationMs);
    if (!call.error || call.error.outcome === 'absent') operation.answers++;
    else operation.answers -= pages;
    if (call.error) operation.errors.set(scope, ending(call.error));
    if (this.table.delegates !== null) {
      operation.asked.set(scope, (operation.asked.get(scope) ?? 0) + call.requests);
    }
  }

  /** The read could not go on. What it would have asked next is not known. */
  stop(error: unknown, scope = ''): void {
    if (error instanceof AwsReadError) {
      if (scope === '') this.#stoppedBy ??= ending(error);
      else if (this.table.delegates !== null) this.#stopIn(scope, ending(error));
      return;
    }
    const operation = this.table.permissions[0] ?? '';
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const failure: Ending = { outcome: 'failed', operation, code: name, message };
    if (scope === '') this.#stoppedBy ??= failure;
    this.#operation(operation, new Date()).errors.set(scope, failure);
  }

  /** Nobody gave access to an account that the table is to be read in. */
  leaveOut(accountId: string): void {
    const { outcome, code, why: message } = unasked.noDelegateAccess;
    for (const operation of this.table.permissions) {
      this.#operation(operation, new Date()).errors.set(accountId, { outcome, operation, code, message });
    }
  }

  /** One account could not be read to its end: what was not asked of it is not known, and its list may lack something. */
  #stopIn(accountId: string, by: Ending): void {
    for (const [index, name] of this.table.permissions.entries()) {
      const operation = this.#operation(name, new Date());
      if (operation.errors.has(accountId)) continue;
      const wasAsked = operation.asked.has(accountId);
      if (wasAsked && (index > 0 || by.outcome === 'absent')) continue;
      const message = `${wasAsked ? 'not read to its end' : 'not asked'}, because of ${by.operation}: ${by.message}`;
      operation.errors.set(accountId, { ...by, message });
    }
  }

  /** An operation of a shared reading that ended before its turn came. */
  block(operation: string, by: AwsReadError): void {
    this.#blockedBy.set(operation, ending(by));
  }

  /** What ended the read before this operation had its turn. */
  reasonNotAsked(operation: string): Ending | undefined {
    const [ofAccount] = this.table.delegates ? (this.#operations.get(operation)?.errors.values() ?? []) : [];
    return this.#blockedBy.get(operation) ?? this.#stoppedBy ?? ofAccount;
  }

  /** How the calls of an operation ended; undefined where none was made, for this table or for one that shares them. */
  endOf(operation: string): { error: Ending | undefined } | undefined {
    const found = this.#operations.get(operation);
    if (!found) return undefined;
    const { asked, errors } = found;
    const isOfAccounts = this.table.delegates !== null;
    if (isOfAccounts && asked.size === 0) return undefined;
    // What was not asked in an account has an ending there all the same.
    const ends = [...errors].filter(([scope]) => !isOfAccounts || asked.has(scope)).map(([, end]) => end);
    return { error: ends.reduce<Ending | undefined>(worstError, undefined) };
  }

  /** The parent was not listed (whole), so this relation is not known either. */
  stopWith(parent: ReadLog): void {
    this.#stoppedBy ??= parent.#stoppedBy;
  }

  get requests(): number {
    return [...this.#operations.values()].reduce((sum, { requests }) => sum + requests, 0);
  }

  records(settings: Settings): ReadRecord[] {
    const { permissions, optionalPermissions } = this.table;
    const records: ReadRecord[] = [];
    const wanted = optionalPermissions.filter(({ isWanted }) => isWanted(settings)).map(({ permission }) => permission);
    const expected = [...(permissions.length === 0 ? [''] : permissions), ...wanted];
    for (const name of new Set([...expected, ...this.#operations.keys(), ...this.#blockedBy.keys()])) {
      const rowCount = name === expected[0] ? this.rows : 0;
      const operation = this.#operations.get(name);
      records.push(...(operation ? this.#ofCalls(name, operation, rowCount) : [this.#ofNoCall(name, rowCount)]));
    }
    for (const { permission, isWanted } of optionalPermissions) {
      if (!isWanted(settings)) {
        records.push(unaskedRecord(this.table, permission, this.region, unasked.notSelected, this.scope));
      }
    }
    return records;
  }

  #ofCalls(name: string, operation: Operation, rowCount: number): ReadRecord[] {
    if (this.isWayIn(name)) return this.#ofWaysIn(name, operation);
    const whole = operation.errors.get('');
    const scoped = [...operation.errors].filter(([scope, error]) => scope !== '' && error.outcome !== 'absent');
    const isNothingRead = scoped.length > 0 && (this.table.delegates ? endedBadly(operation) : operation.answers === 0);
    const error =
      whole ?? (isNothingRead ? scoped.map(([, each]) => each).reduce(worseError) : this.#absenceOf(operation));
    let outcome: Outcome = error?.outcome ?? 'ok';
    let message = error?.message;
    if (isNothingRead && !whole && scoped.length > 1) message = `all ${scoped.length} calls ended so: ${message ?? ''}`;
    // This operation answered, if only that there is none, but the list that it belongs to stopped elsewhere.
    const stop = name === this.table.permissions[0] ? this.#stoppedBy : undefined;
    const isIncomplete = stop && (!error || error.outcome === 'absent') && worse(outcome, stop.outcome) !== outcome;
    if (isIncomplete) {
      outcome = stop.outcome;
      message = `not read to its end: ${stop.operation}: ${stop.message}`;
    }
    const record = this.#record(name, operation.region, {
      Outcome: outcome,
      ErrorCode: isIncomplete ? stop.code : error?.code,
      ErrorMessage: outcome === 'ok' ? undefined : message,
      RequestCount: operation.requests,
      RowCount: rowCount,
      StartedAt: operation.startedAt,
      DurationMs: Math.max(0, operation.endedAt - operation.startedAt.getTime()),
    });
    const ofScopes = scoped.map(([Scope, { outcome: Outcome, code: ErrorCode, message: ErrorMessage }]) => ({
      ...record,
      Scope,
      Outcome,
      ErrorCode,
      ErrorMessage,
      RequestCount: 0,
      RowCount: 0,
      DurationMs: 0,
    }));
    // What nothing came of is told once, unless several accounts may have had different reasons.
    const isToldOnce = isNothingRead && (this.table.delegates === null || scoped.length === 1);
    return isToldOnce ? [record] : [record, ...ofScopes];
  }

  /** True for the way into the accounts of {@link Table.delegates}, which is told of each of them. */
  isWayIn(name: string): boolean {
    const { delegates, permissions } = this.table;
    return delegates !== null && !permissions.includes(name) && !delegates.accounts.permissions.includes(name);
  }

  #ofWaysIn(name: string, { region, startedAt, asked, errors }: Operation): ReadRecord[] {
    return [...asked].map(([Scope, RequestCount]) => {
      const error = errors.get(Scope);
      return {
        ...this.#record(name, region, {
          Outcome: error?.outcome ?? 'ok',
          ErrorCode: error?.code,
          ErrorMessage: error?.message,
          RequestCount,
          RowCount: 0,
          StartedAt: startedAt,
          DurationMs: 0,
        }),
        Scope,
      };
    });
  }

  /** What the accounts said that were asked, where each of them has nothing. */
  #absenceOf({ asked, errors }: Operation): Ending | undefined {
    if (this.table.delegates === null || [...asked.keys()].some((scope) => !errors.has(scope))) return undefined;
    return [...errors.values()].find(({ outcome }) => outcome === 'absent');
  }

  #ofNoCall(name: string, rowCount: number): ReadRecord {
    const cause = this.reasonNotAsked(name);
    return this.#record(name, this.region, {
      Outcome: cause?.outcome ?? 'ok',
      ErrorCode: cause?.code,
      ErrorMessage: cause && `not asked, because of ${cause.operation}: ${cause.message}`,
      RequestCount: 0,
      RowCount: rowCount,
      StartedAt: new Date(),
      DurationMs: 0,
    });
  }

  #record(
    Operation: string,
    region: string,
    rest: Omit<ReadRecord, 'Region' | 'Service' | 'TableName' | 'Operation' | 'Scope'>,
  ): ReadRecord {
    return {
      Region: Operation === '' ? '' : region,
      Service: serviceOf(Operation),
      TableName: this.table.name,
      Operation,
      Scope: this.scope,
      ...rest,
    };
  }

  #operation(name: string, startedAt: Date, region = this.region): Operation {
    const operation = this.#operations.get(name) ?? {
      region,
      requests: 0,
      answers: 0,
      startedAt,
      endedAt: startedAt.getTime(),
      errors: new Map<string, Ending>(),
      asked: new Map<string, number>(),
    };
    this.#operations.set(name, operation);
    return operation;
  }
}

/** A read for which nothing was sent, because the answer is known beforehand or not wanted. */
export function unaskedRecord(
  table: Table,
  operation: string,
  region: string,
  reason: Unasked,
  scope = '',
): ReadRecord {
  return {
    Region: region,
    Service: serviceOf(operation),
    TableName: table.name,
    Operation: operation,
    Scope: scope,
    Outcome: reason.outcome,
    ErrorCode: reason.code,
    ErrorMessage: reason.why,
    RequestCount: 0,
    RowCount: 0,
    StartedAt: new Date(),
    DurationMs: 0,
  };
}

/** In every account: one that answered at first, and was not read to its end, counts as little as one that never did. */
function endedBadly({ asked, errors }: Operation): boolean {
  return [...asked.keys()].every((scope) => (errors.get(scope)?.outcome ?? 'absent') !== 'absent');
}

function ending({ outcome, operation, code, message }: AwsReadError): Ending {
  return { outcome, operation, code, message };
}

function worstError(left: Ending | undefined, right: Ending): Ending {
  return left ? worseError(left, right) : right;
}

function worseError(left: Ending, right: Ending): Ending {
  return worse(left.outcome, right.outcome) === left.outcome ? left : right;
}

function serviceOf(operation: string): string {
  return operation.split(':')[0] ?? '';
}
