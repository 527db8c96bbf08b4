import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The directory that keeps the embedded databases between runs. */
export function embeddedHome(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env['AWS_DELEGATION_HOME'];
  if (chosen) return resolve(chosen);
  // PostgreSQL refuses to run as root, and its service user cannot look into /root.
  if (process.getuid?.() === 0) return '/var/lib/aws-delegation';
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'aws-delegation');
  if (process.platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'aws-delegation');
  }
  const dataHome = env['XDG_DATA_HOME'];
  return join(dataHome?.startsWith('/') ? dataHome : join(homedir(), '.local', 'share'), 'aws-delegation');
}
