import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { amount, median, result } from './results.js';

const bin = fileURLToPath(new URL('../bin/aws-delegation', import.meta.url));

/** `demo` where everything is installed: the first one creates its database, and the next ones find it. */
export async function measureDemo({ rounds, directory, signal, tell }) {
  const seconds = { first: [], again: [] };
  for (let round = 1; round <= rounds; round++) {
    const home = join(directory, `demo-${round}`);
    mkdirSync(home);
    for (const which of ['first', 'again']) {
      const took = await demo({ home, signal });
      tell(`demo, ${which}, round ${round}: ${amount(took, 's')}`);
      seconds[which].push(took);
    }
  }
  const target = { of: 'ours', atMost: 20 };
  return {
    results: [
      result({ what: '`demo`, the first after the install', unit: 's', ours: median(seconds.first), target }),
      result({ what: '`demo` again', unit: 's', ours: median(seconds.again), target }),
    ],
  };
}

async function demo({ home, signal }) {
  signal.throwIfAborted();
  const startedAt = performance.now();
  const { PATH, TMPDIR, HOME } = process.env;
  const child = spawn(process.execPath, [bin, 'demo'], {
    env: { PATH, TMPDIR, HOME, AWS_DELEGATION_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (told += text));
  // As Ctrl-C: it stops its server, and the folder can go.
  const end = () => child.kill('SIGINT');
  signal.addEventListener('abort', end, { once: true });
  const [code] = await once(child, 'close');
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if (code !== 0) throw new Error(`the demo ended with ${code}:\n${told}`);
  return (performance.now() - startedAt) / 1000;
}
