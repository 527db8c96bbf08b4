import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, unusable } from './files.js';

export const superuser = 'postgres';
/** The one that is ours. */
export const database = 'aws_delegation';

const fileIn = (directory: string): string => join(directory, 'instance.json');

export interface Settings {
  /** That the server listened on when it was started last. */
  port: number;
  password: string;
}

export function urlOf({ port, password }: Settings, databaseName: string): string {
  return `postgresql://${superuser}:${password}@127.0.0.1:${port}/${databaseName}`;
}

/** Whether there is a database: its folder is made whole, or not at all. */
export function isCreated(directory: string): Promise<boolean> {
  return exists(fileIn(directory));
}

export async function readSettings(directory: string): Promise<Settings> {
  const path = fileIn(directory);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Settings;
  } catch (error) {
    // Without the parser's words: they quote the text, the password included.
    throw unusable(path, error instanceof SyntaxError ? new Error('it is no JSON') : error);
  }
}

export async function writeSettings(directory: string, settings: Settings): Promise<void> {
  const path = fileIn(directory);
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(aside, `${JSON.stringify(settings)}\n`, { mode: 0o600 });
  await rename(aside, path);
}
