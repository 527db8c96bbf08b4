import { openEmbedded } from '../postgres/index.js';

export interface Database {
  /** Holds the password: for connecting, not for printing. */
  url: string;
  /** How to call it in a message. */
  label: string;
  isEmbedded: boolean;
  release(): Promise<void>;
}

/** `--database`, then the spec's destination, then DATABASE_URL, then the embedded server. */
export async function openDatabase(
  given: { flag: string | undefined; destination?: string | undefined },
  onNotice: (text: string) => void,
): Promise<Database> {
  const external = [
    { url: given.flag, label: 'the database of --database' },
    { url: given.destination, label: 'the database of the destination' },
    { url: process.env['DATABASE_URL'], label: 'the database of DATABASE_URL' },
  ].find(({ url }) => url !== undefined && url !== '');
  if (external?.url !== undefined) {
    return { url: external.url, label: external.label, isEmbedded: false, release: () => Promise.resolve() };
  }
  return openEmbeddedDatabase('default', onNotice);
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
