import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '../dist/src/simulator/index.js';
import { amount, result } from './results.js';

/** What AWS allows in each Region. */
const lookUpsPerSecond = 2;
const day = 86_400_000;

/** One round: AWS's rate decides the time, and it takes minutes. */
export async function measureEvents({ scaled, signal, tell }) {
  const sizes = [1_000, 10_000].map(scaled);
  const measured = [];
  for (const events of sizes) {
    const one = await readHistory({ events, signal });
    tell(
      `${events} events: ${one.requests} look-ups, where the events are ${one.answered} answered and ${one.refused} refused, ` +
        `${amount(one.seconds, 's')}, peak ${amount(one.peakBytes, 'bytes')}`,
    );
    measured.push(one);
  }
  const [few, many] = measured.map(({ peakBytes }) => peakBytes);
  return {
    results: [
      ...measured.map(({ answered, seconds, allowedSeconds }, index) =>
        result({
          what: `${sizes[index].toLocaleString('en')} events, beside their rate`,
          count: answered,
          of: 'requests',
          unit: 's',
          ours: seconds,
          beside: allowedSeconds,
        }),
      ),
      result({
        what: `peak memory, beside ${sizes[0].toLocaleString('en')} events`,
        count: sizes[1],
        of: 'events',
        unit: 'bytes',
        ours: many,
        beside: few,
      }),
    ],
  };
}

/**
 * The whole window of an organization that was changed `events` times, all of it in the Region of Organizations: requests
 * there, seconds, what the rate alone takes, and the peak memory of the plugin.
 */
async function readHistory({ events, signal }) {
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
