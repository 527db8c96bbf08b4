import type { Client } from 'pg';
import { connect, disconnect } from '../postgres/index.js';

export interface LockWatch {
  /** Looks while this is under way; the rest of the time nobody waits for a lock. */
  during<Result>(work: Promise<Result>): Promise<Result>;
  /** Who was in the way when it was last looked, as it goes into a sentence. */
  readonly holders: string | undefined;
  end(): Promise<void>;
}

export interface LockWatchOptions {
  readonly databaseUrl: string;
  readonly onNotice: (text: string) => void;
  /** After so long PostgreSQL gives up. */
  readonly lockTimeoutMs: number;
}

const lookEveryMs = 3000;

interface Waited {
  pid: number;
  what: string | null;
  user: string | null;
  application: string | null;
  since: string | null;
}

/**
 * Tells of a statement of `client` that waits for a lock, and who holds it: somebody who looks at a sync that has stopped
 * for a minute should know whom to ask. It takes a second connection, and only where something takes its time.
 */
export function watchLocks(client: Client, options: LockWatchOptions): LockWatch {
  const { processID } = client as Client & { processID: number | null };
  let other: Promise<Client> | undefined;
  let told: string | undefined;
  let holders: string | undefined;
  let looking = Promise.resolve();

  const look = async (): Promise<void> => {
    try {
      other ??= connect(options.databaseUrl, { applicationName: 'aws-delegation lock watch', connectTimeoutMs: 5000 });
      const { rows } = await (await other).query<Waited>(waitedFor, [processID]);
      if (rows.length === 0) return;
      holders = [...new Set(rows.map(holderText))].join(' and ');
      if (holders === told) return;
      told = holders;
      options.onNotice(
        `Waiting for ${rows[0]?.what ?? 'a lock'}: ${holders} holds it. The sync goes on when that transaction ends, and gives up ` +
          `after ${options.lockTimeoutMs / 1000} seconds, with the rows as they were.`,
      );
    } catch {
      // Without a second connection nobody is told; the sync does not depend on it.
    }
  };

  return {
    get holders() {
      return holders;
    },
    async during(work) {
      const timer = setInterval(() => {
        looking = looking.then(look);
      }, lookEveryMs);
      try {
        return await work;
      } finally {
        clearInterval(timer);
      }
    },
    async end() {
      const connection = await other?.catch(() => undefined);
      // Also ends a look that gets no answer.
      if (connection) await disconnect(connection);
      await looking;
    },
  };
}

const waitedFor = `select
    blocking.pid,
    (
      select
        case
          when waiting.locktype = 'relation' then 'a lock on ' || waiting.relation::regclass::text
          when waiting.locktype = 'advisory' then 'a lock on the installation of the views'
          else 'a lock (' || waiting.locktype || ')'
        end
      from pg_catalog.pg_locks as waiting
      where waiting.pid = $1 and not waiting.granted
      limit 1
    ) as what,
    activity.usename as "user",
    nullif(activity.application_name, '') as application,
    to_char(activity.xact_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as since
  from unnest(pg_catalog.pg_blocking_pids($1)) as blocking (pid)
  left join pg_catalog.pg_stat_activity as activity on activity.pid = blocking.pid
  order by blocking.pid`;

/** Of others a user who is no monitor sees less. */
function holderText({ pid, user, application, since }: Waited): string {
  const about = [
    application,
    user === null ? null : `user ${user}`,
    since === null ? null : `in a transaction since ${since} UTC`,
  ];
  const known = about.filter((each) => each !== null);
  return `PostgreSQL backend ${pid}${known.length === 0 ? '' : ` (${known.join(', ')})`}`;
}
