import type { Client } from 'pg';
import { connect, disconnect } from '../postgres/index.js';

/** Lets a long statement end at once when the run is stopped; returns what undoes it. */
export function cancelQueriesOn(signal: AbortSignal, client: Client, databaseUrl: string): () => void {
  const { processID } = client as Client & { processID: number | null };
  const cancel = () => {
    if (processID === null) return;
    void connect(databaseUrl, { applicationName: 'aws-delegation cancel', connectTimeoutMs: 5000 })
      .then(async (other) => {
        await other.query('select pg_cancel_backend($1)', [processID]).finally(() => disconnect(other));
      })
      .catch(() => undefined);
  };
  signal.addEventListener('abort', cancel, { once: true });
  return () => {
    signal.removeEventListener('abort', cancel);
  };
}
