import { parseConnectionString } from './connection_string.js';

/** For libpq's own programs: the same connection in the environment, which the list of processes does not show. */
export function libpqEnvironment(connectionString: string): Record<string, string> {
  const { config, sslMode, rootCertificateFile } = parseConnectionString(connectionString);
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
