import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { DatabaseError, errorCode, errorMessage } from './errors.js';

export interface ConnectOptions {
  /** Shown by pg_stat_activity; the process and host are added, so that somebody who is in the way can be named. */
  readonly applicationName?: string;
  readonly connectTimeoutMs?: number;
}

type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

interface Target {
  config: pg.ClientConfig;
  sslMode: SslMode;
  rootCertificate: string | undefined;
  rootCertificateFile: string | undefined;
  /** `database "inventory" on db.example.com:5432 as audit`: all that may be shown. */
  where: string;
}

const sslModes: readonly string[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
const endTimeoutMs = 5000;
const sources = '--database, the connection_string of the destination, or DATABASE_URL';

/**
 * Connects as the official destination does: a URL or a `key=value` string, libpq's meaning of `sslmode`, and
 * `search_path` or any other run-time setting as a parameter. Throws a DatabaseError that never holds the password.
 */
export async function connect(connectionString: string, options: ConnectOptions = {}): Promise<pg.Client> {
  const target = parse(connectionString);
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

/** For libpq's own programs: the same connection in the environment, which the list of processes does not show. */
export function libpqEnvironment(connectionString: string): Record<string, string> {
  const { config, sslMode, rootCertificateFile } = parse(connectionString);
  const { host, port, user, password, database, options } = config;
  const settings = {
    PGHOST: host,
    PGPORT: port?.toString(),
    PGUSER: user,
    PGPASSWORD: typeof password === 'string' ? password : undefined,
    PGDATABASE: database,
    PGSSLMODE: sslMode,
    PGSSLROOTCERT: rootCertificateFile,
    PGOPTIONS: options,
  };
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
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

function invalid(why: string): DatabaseError {
  // No cause: Node's own error holds the whole string, the password included.
  return new DatabaseError(
    `PostgreSQL: the connection string is not valid (${why}). Expected is postgresql://user:password@host:port/database ` +
      `or "host=... user=... dbname=..."; check ${sources}. In a URL, special characters of a password are written as %XX.`,
    { code: 'ERR_INVALID_URL' },
  );
}

function parse(connectionString: string): Target {
  const settings = /^postgres(ql)?:\/\//.test(connectionString)
    ? fromUrl(connectionString)
    : fromKeywords(connectionString);
  const take = (name: string): string | undefined => {
    const value = settings.get(name);
    settings.delete(name);
    return value === '' ? undefined : value;
  };
  const env = process.env;
  const host = take('host') ?? take('hostaddr') ?? env['PGHOST'] ?? 'localhost';
  const port = Number(take('port') ?? env['PGPORT'] ?? 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid('the port is no number from 1 to 65535');
  const user = take('user') ?? env['PGUSER'] ?? env['USER'] ?? 'postgres';
  const password = take('password') ?? env['PGPASSWORD'];
  const database = take('dbname') ?? take('database') ?? env['PGDATABASE'] ?? user;
  const sslMode = take('sslmode') ?? env['PGSSLMODE'] ?? 'prefer';
  if (!sslModes.includes(sslMode)) throw invalid(`sslmode is none of ${sslModes.join(', ')}`);
  const rootFile = take('sslrootcert') ?? env['PGSSLROOTCERT'];
  const certFile = take('sslcert');
  const keyFile = take('sslkey');
  let options = take('options') ?? '';
  for (const ignored of ['application_name', 'connect_timeout', 'sslpassword', 'channel_binding', 'gssencmode']) {
    settings.delete(ignored);
  }
  // pgx: options of its pool, and what it does not know is a run-time setting of the server, such as search_path.
  for (const [name, value] of settings) {
    if (name.startsWith('pool_') || name.startsWith('default_query') || name.endsWith('_cache_capacity')) continue;
    if (!/^[a-z_][a-z0-9_.]*$/i.test(name)) throw invalid('a parameter has no valid name');
    options += ` -c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`;
  }
  return {
    config: {
      host,
      port,
      user,
      ...(password === undefined ? {} : { password }),
      database,
      ...(options.trim() === '' ? {} : { options: options.trim() }),
      ...(certFile === undefined || keyFile === undefined
        ? {}
        : { ssl: { cert: readCertificate(certFile), key: readCertificate(keyFile) } }),
    },
    sslMode: sslMode as SslMode,
    rootCertificate: rootFile === undefined || rootFile === 'system' ? undefined : readCertificate(rootFile),
    rootCertificateFile: rootFile,
    where: `database "${database}" on ${host.startsWith('/') ? host : `${host}:${port}`} as ${user}`,
  };
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new DatabaseError(
      `PostgreSQL: the certificate file ${path} of the connection string cannot be read (${errorCode(error) ?? 'unknown'}). ` +
        'Check sslrootcert, sslcert and sslkey.',
      { cause: error },
    );
  }
}

function fromUrl(text: string): Map<string, string> {
  let url: URL;
  const settings = new Map<string, string>();
  try {
    url = new URL(text);
  } catch {
    throw invalid('it is no URL');
  }
  // A password with one of these in it ends up as the name of the database, which messages show.
  if (/[@/]/.test(url.pathname.slice(1)) || url.hash !== '') throw invalid('one of / @ # stands where none belongs');
  try {
    for (const [name, value] of url.searchParams) settings.set(name, value);
    if (url.hostname !== '') settings.set('host', decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'));
    if (url.port !== '') settings.set('port', url.port);
    if (url.username !== '') settings.set('user', decodeURIComponent(url.username));
    if (url.password !== '') settings.set('password', decodeURIComponent(url.password));
    if (url.pathname.length > 1) settings.set('dbname', decodeURIComponent(url.pathname.slice(1)));
  } catch {
    throw invalid('it is no URL');
  }
  return settings;
}

/** libpq's `key=value key='va lue'`, with backslash escapes. */
function fromKeywords(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  const pattern = /\s*([A-Za-z_]\w*)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/y;
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const match = pattern.exec(text);
    const name = match?.[1];
    if (match === null || name === undefined) throw invalid('it is neither a URL nor a list of key=value');
    settings.set(name, (match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1'));
  }
  if (settings.size === 0) throw invalid('it is empty');
  return settings;
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
