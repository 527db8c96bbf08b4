import { embeddedStatus, openEmbedded } from '../postgres/index.js';

export interface Database {
  /** Holds the password: for connecting, not for printing. */
  url: string;
  /** How to call it in a message. */
  label: string;
  isEmbedded: boolean;
  release(): Promise<void>;
}

export interface GivenDatabase {
  flag: string | undefined;
  destination?: string | undefined;
}

/** `--database`, then the spec's destination, then DATABASE_URL, then the embedded server. */
export async function openDatabase(given: GivenDatabase, onNotice: (text: string) => void): Promise<Database> {
  const external = externalDatabase(given);
  if (external) return { ...external, isEmbedded: false, release: () => Promise.resolve() };
  return openEmbeddedDatabase('default', onNotice);
}

/** As {@link openDatabase}, but nothing is started: undefined where the embedded server does not run. */
export async function findDatabase(given: GivenDatabase): Promise<{ url: string; label: string } | undefined> {
  const external = externalDatabase(given);
  if (external) return external;
  const embedded = await embeddedStatus();
  return embedded?.isRunning === true
    ? { url: embedded.url, label: `the embedded PostgreSQL in ${embedded.dataDirectory}` }
    : undefined;
}

function externalDatabase({ flag, destination }: GivenDatabase): { url: string; label: string } | undefined {
  const all = [
    { url: flag, label: 'the database of --database' },
    { url: destination, label: 'the database of the destination' },
    { url: process.env['DATABASE_URL'], label: 'the database of DATABASE_URL' },
  ];
  for (const { url, label } of all) if (url !== undefined && url !== '') return { url, label };
  return undefined;
}

export async function openEmbeddedDatabase(name: string, onNotice: (text: string) => void): Promise<Database> {
  const embedded = await openEmbedded({ name, onNotice });
  return {
    url: embedded.url,
    label: `the embedded PostgreSQL ${embedded.version} in ${embedded.dataDirectory}`,
    isEmbedded: true,
    release: () => embedded.release(),
  };
}

/** Opens, works, and lets go, whatever happens in between. */
export async function withDatabase<Result>(
  open: Promise<Database>,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await open;
  try {
    return await work(database);
  } finally {
    await database.release();
  }
}
