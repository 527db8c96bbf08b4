import type { AccountAccess } from './credentials.js';
import { AwsReadError } from './outcome.js';
import type { CallReport } from './road.js';
import type { Identity, Session } from './session.js';

export interface DelegateOptions {
  /** Role to assume in an account, path included where it has one. */
  roleName?: string | undefined;
  externalId?: string | undefined;
  /** Credentials of further accounts, whose ids are not known yet. */
  lent: readonly AccountAccess[];
}

/** How to act in an account. `calls` is what it took to find out. */
export type Access = { calls: readonly CallReport[] } & (
  { session: Session } | { error: AwsReadError } | { notLent: true }
);

/** The ways into the accounts that administer a service; each is tried once and shared by all tables. */
export class Delegates {
  readonly #lent = new Map<string, Session>();
  readonly #assumed = new Map<string, Promise<Access>>();

  private constructor(
    readonly session: Session,
    readonly identity: Identity,
    readonly options: DelegateOptions,
  ) {}

  /** @throws {CredentialsError} where credentials of `lent` are none. */
  static async open(session: Session, identity: Identity, options: DelegateOptions): Promise<Delegates> {
    const delegates = new Delegates(session, identity, options);
    await Promise.all(
      options.lent.map(async (access) => {
        const own = session.lend(access);
        delegates.#lent.set((await own.whoAmI()).accountId, own);
      }),
    );
    return delegates;
  }

  /** Never throws for what AWS says. */
  async accessTo(accountId: string): Promise<Access> {
    if (accountId === this.identity.accountId) return { session: this.session, calls: [] };
    const lent = this.#lent.get(accountId);
    if (lent) return { session: lent, calls: [] };
    if (this.options.roleName === undefined) return { notLent: true, calls: [] };
    const before = this.#assumed.get(accountId);
    // Whoever needed it first counts its requests.
    if (before) {
      const access = await before;
      return { ...access, calls: access.calls.map((call) => ({ ...call, requests: 0 })) };
    }
    const access = this.#assume(`arn:${this.identity.partition}:iam::${accountId}:role/${this.options.roleName}`);
    this.#assumed.set(accountId, access);
    return access;
  }

  async #assume(arn: string): Promise<Access> {
    const calls: CallReport[] = [];
    try {
      const session = await this.session.assume({ arn, externalId: this.options.externalId }, (call) => {
        calls.push(call);
      });
      return { session, calls };
    } catch (error) {
      if (!(error instanceof AwsReadError)) throw error;
      return { error, calls: calls.map((call) => (call.error ? { ...call, error } : call)) };
    }
  }
}
