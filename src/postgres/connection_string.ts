import { readFileSync } from 'node:fs';
import pg from 'pg';
import { DatabaseError, errorCode } from './errors.js';

type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

export interface Target {
  config: pg.ClientConfig;
  sslMode: SslMode;
  rootCertificate: string | undefined;
  rootCertificateFile: string | undefined;
  /** `database "inventory" on db.example.com:5432 as audit`: all that may be shown. */
  where: string;
}

/** Where a connection string comes from, for whoever has to correct it. */
export const sources = '--database, the connection_string of the destination, or DATABASE_URL';

const sslModes: readonly string[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/**
 * What a URL or libpq's `key=value` string says, with the environment's PG* for what it leaves open.
 *
 * @throws {DatabaseError} which never holds the password.
 */
export function parseConnectionString(connectionString: string): Target {
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

function invalid(why: string): DatabaseError {
  // No cause: Node's own error holds the whole string, the password included.
  return new DatabaseError(
    `PostgreSQL: the connection string is not valid (${why}). Expected is postgresql://user:password@host:port/database ` +
      `or "host=... user=... dbname=..."; check ${sources}. In a URL, special characters of a password are written as %XX.`,
    { code: 'ERR_INVALID_URL' },
  );
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
