import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { parseConnectionString, sources, type Target } from './connection_string.js';
import { DatabaseError, errorCode, errorMessage } from './errors.js';

export interface ConnectOptions {
  /** Shown by pg_stat_activity; the process and host are added, so that somebody who is in the way can be named. */
  readonly applicationName?: string;
  readonly connectTimeoutMs?: number;
}

const endTimeoutMs = 5000;

/**
 * Connects as the official destination does: a URL or a `key=value` string, libpq's meaning of `sslmode`, and
 * `search_path` or any other run-time setting as a parameter. Throws a DatabaseError that never holds the password.
 */
export async function connect(connectionString: string, options: ConnectOptions = {}): Promise<pg.Client> {
  const target = parseConnectionString(connectionString);
  const config: pg.ClientConfig = {
    ...target.config,
    application_name: `${options.applicationName ?? 'aws-delegation'} ${process.pid}@${hostname()}`.slice(0, 63),
    connectionTimeoutMillis: options.connectTimeoutMs ?? 15_000,
    keepAlive: true,
    // A sync may read AWS for an hour while this connection says nothing.
    keepAliveInitialDelayMillis: 30_000,
  };
  const attempts = sslAttempts(target);
  for (const [index, ssl] of attempts.entries()) {
    for (let tries = 1; ; tries++) {
      const client = new pg.Client({ ...config, ssl });
      // A connection that breaks while nothing runs on it shows in the next query; without this it would end the process.
      client.on('error', () => undefined);
      try {
        await client.connect();
        return client;
      } catch (error) {
        void disconnect(client);
        // "The database system is starting up": it said itself that it will be there.
        if (errorCode(error) === '57P03' && tries < 40) {
          await delay(250);
          continue;
        }
        if (index < attempts.length - 1 && isAboutTls(error)) break;
        throw explain(error, target);
      }
    }
  }
  throw new DatabaseError(`PostgreSQL: connecting to ${target.where} failed.`);
}

/** Ends in order, so that the server has let go of its locks; a connection that does not end by itself is cut. */
export async function disconnect(client: pg.Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  // After a failed connect, the promise of end() may never be kept.
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, endTimeoutMs);
    timer.unref();
  });
  await Promise.race([client.end().catch(() => undefined), late]);
  clearTimeout(timer);
}

function sslAttempts({ sslMode, config, rootCertificate }: Target): (false | ConnectionOptions)[] {
  // TLS is not spoken over unix sockets.
  if (config.host?.startsWith('/')) return [false];
  const ca = rootCertificate === undefined ? {} : { ca: rootCertificate };
  const client = typeof config.ssl === 'object' ? config.ssl : {};
  const unchecked: ConnectionOptions = { ...client, rejectUnauthorized: false };
  const issuer: ConnectionOptions = { ...client, ...ca, checkServerIdentity: () => undefined };
  switch (sslMode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, unchecked];
    case 'prefer':
      return [unchecked, false];
    case 'require':
      // libpq: with a root certificate, `require` checks it.
      return [rootCertificate === undefined ? unchecked : issuer];
    case 'verify-ca':
      return [issuer];
    case 'verify-full':
      return [{ ...client, ...ca }];
  }
}

function isAboutTls(error: unknown): boolean {
  const code = errorCode(error) ?? '';
  const message = errorMessage(error);
  return (
    /does not support SSL|SSL (connection|off)|no encryption|SSL\/TLS|certificate/i.test(message) ||
    /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO)/.test(code)
  );
}

function explain(error: unknown, { where, sslMode }: Target): DatabaseError {
  const code = errorCode(error);
  const message = errorMessage(error).replace(/\s+/g, ' ');
  const say = (what: string, todo: string) =>
    new DatabaseError(`PostgreSQL: connecting to ${where} failed: ${what}. ${todo}`, { cause: error, code });

  if (isAboutTls(error) && code !== '28000') {
    return say(
      `TLS (sslmode=${sslMode}) did not come about: ${message}`,
      'Check sslmode and sslrootcert, or the certificate of the server.',
    );
  }
  switch (code) {
    case '28P01':
      return say('user or password were refused', `Check them in ${sources}.`);
    case '28000':
      return say(message, `The server's pg_hba.conf decides that: check user, host and sslmode in ${sources}.`);
    case '3D000':
      return say('this database does not exist', `Create it (createdb), or check the name in ${sources}.`);
    case '53300':
      // Of the server, of the database or of the user: it says which.
      return say(
        `there is no connection left: ${message}`,
        'Try again when others have ended theirs (pg_stat_activity shows them), or raise that limit.',
      );
  }
  if (/password must be a string|no password/i.test(message)) {
    return say('the server asks for a password and none was given', `Put it into ${sources}, or set PGPASSWORD.`);
  }
  const network = [
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOENT',
  ];
  if ((code !== undefined && network.includes(code)) || /timeout|terminated/i.test(message)) {
    return say(`it is not reachable (${code ?? message})`, `Start it, or check host and port in ${sources}.`);
  }
  return say(message, `Check ${sources}.`);
}
