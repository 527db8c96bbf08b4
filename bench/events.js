import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '../dist/src/simulator/index.js';

/** What AWS allows in each Region. */
const lookUpsPerSecond = 2;
const day = 86_400_000;

/**
 * The whole window of an organization that was changed `events` times, all of it in the Region of Organizations: requests
 * there, seconds, what the rate alone takes, and the peak memory of the plugin.
 */
export async function measureEvents({ events, signal }) {
  signal.throwIfAborted();
  const simulator = await startSimulator({ scenario: scenarioWith(events) });
  const child = fork(fileURLToPath(new URL('events_plugin.js', import.meta.url)), [simulator.url], {
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const end = () => child.kill('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  try {
    const [{ seconds }] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the sync of the events ended with ${code}`);
      }),
    ]);
    const answer = once(child, 'message');
    child.send('peak');
    const [peakBytes] = await answer;
    const lookUps = simulator.requests.filter(({ operation }) => operation === 'cloudtrail:LookupEvents');
    const busiest = lookUps.filter(({ region }) => region === 'us-east-1');
    const answered = busiest.filter(({ status }) => status === 200).length;
    return {
      requests: lookUps.length,
      answered,
      refused: busiest.length - answered,
      seconds,
      allowedSeconds: answered / lookUpsPerSecond,
      peakBytes,
    };
  } finally {
    signal.removeEventListener('abort', end);
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await simulator.close();
  }
}

function scenarioWith(events) {
  return {
    name: 'events',
    rates: true,
    organization: {
      management_account_id: '111122223333',
      accounts: [{ id: '111122223333', name: 'Management' }],
    },
    cloudtrail: {
      generated_events: [
        {
          source: 'organizations.amazonaws.com',
          count: events,
          names: ['AttachPolicy', 'DetachPolicy', 'UpdatePolicy', 'MoveAccount', 'RegisterDelegatedAdministrator'],
          from: new Date(Date.now() - 80 * day),
          to: new Date(Date.now() - day),
        },
      ],
    },
  };
}
