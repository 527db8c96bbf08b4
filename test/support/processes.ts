import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a process lets others connect to. */
export interface Listening {
  /** `tcp 127.0.0.1:5432`, `tcp6 ::1:7777`, `unix /tmp/…/cq.sock` */
  readonly what: string;
  /** Of a socket in the file system, and of its directory: `600 700`. */
  readonly modes?: string;
}

export const hasProc = process.platform === 'linux';

/** What the processes of one command showed of themselves while they ran. */
export interface Seen {
  readonly listening: ReadonlySet<string>;
  /** Arguments of each process that there was, joined by spaces. */
  readonly commandLines: ReadonlySet<string>;
}

/**
 * Looks again and again at a process, all that it started, and the PostgreSQL servers whose data is below `home`, until
 * `ended` is kept, or it has seen enough.
 */
export async function watch(
  pid: number,
  ended: Promise<unknown>,
  { home, isEnough = () => false }: { home?: string; isEnough?: (seen: Seen) => boolean } = {},
): Promise<Seen> {
  const listening = new Set<string>();
  const commandLines = new Set<string>();
  const state = { isOver: false };
  const end = ended.finally(() => (state.isOver = true));
  while (!state.isOver && !isEnough({ listening, commandLines })) {
    const all = allProcesses();
    const roots = [pid, ...(home === undefined ? [] : servers(home))];
    const sockets = allListening();
    for (const each of withDescendants(roots, all)) {
      commandLines.add(all.get(each)?.commandLine ?? '');
      for (const { what, modes } of listeningOf(each, sockets)) {
        listening.add(modes === undefined ? what : `${what} ${modes}`);
      }
    }
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 15))]);
  }
  return { listening, commandLines };
}

export function listeningNow(pid: number): Listening[] {
  const sockets = allListening();
  return [...withDescendants([pid], allProcesses())].flatMap((each) => listeningOf(each, sockets));
}

interface Process {
  parent: number;
  commandLine: string;
}

function allProcesses(): Map<number, Process> {
  const all = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // The name of the program stands in brackets, and may hold any character.
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      all.set(Number(name), { parent: Number(stat[1]), commandLine });
    } catch {
      // It has just ended.
    }
  }
  return all;
}

function withDescendants(roots: readonly number[], all: ReadonlyMap<number, Process>): Set<number> {
  const found = new Set(roots);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [pid, { parent }] of all) if (found.has(parent)) found.add(pid);
  }
  return found;
}

function servers(home: string): number[] {
  try {
    return readdirSync(join(home, 'postgres')).flatMap((name) => {
      try {
        return [Number(readFileSync(join(home, 'postgres', name, 'data', 'postmaster.pid'), 'utf8').split('\n')[0])];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

/** By inode. */
function allListening(): Map<string, string> {
  const found = new Map<string, string>();
  for (const family of ['tcp', 'tcp6'] as const) {
    for (const line of lines(`/proc/net/${family}`)) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      // TCP_LISTEN
      if (state === '0A') found.set(inode, `${family} ${addressOf(local)}`);
    }
  }
  for (const line of lines('/proc/net/unix')) {
    const [, , , flags = '', , , inode = '', ...path] = line.trim().split(/\s+/);
    // __SO_ACCEPTCON
    if ((parseInt(flags, 16) & 0x10000) !== 0) found.set(inode, `unix ${path.join(' ')}`);
  }
  return found;
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(1, -1);
  } catch (error) {
    // A kernel without IPv6.
    if (path.endsWith('tcp6')) return [];
    throw error;
  }
}

/** `0100007F:1F90` is 127.0.0.1:8080: words of four bytes, each in the order of the machine. */
function addressOf(local: string): string {
  const [address = '', port = ''] = local.split(':');
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  const numbers = bytes.map((byte) => parseInt(byte, 16));
  const isLoopback6 =
    numbers.length === 16 && numbers.slice(0, 15).every((number) => number === 0) && numbers[15] === 1;
  const text = numbers.length === 4 ? numbers.join('.') : isLoopback6 ? '::1' : bytes.join('');
  return `${text}:${parseInt(port, 16)}`;
}

function listeningOf(pid: number, sockets: ReadonlyMap<string, string>): Listening[] {
  let descriptors: string[];
  try {
    descriptors = readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
  return descriptors.flatMap((descriptor) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? '';
      const what = sockets.get(inode);
      if (what === undefined) return [];
      const path = /^unix (\/.*)$/.exec(what)?.[1];
      return [path === undefined ? { what } : { what, modes: `${mode(path)} ${mode(dirname(path))}` }];
    } catch {
      // Closed, or its name removed, since it was listed.
      return [];
    }
  });
}

function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}
