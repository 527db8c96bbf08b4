import { defineScenario, type FaultInput, type Scenario } from '../scenario.js';
import { demoScenario } from './demo.js';

/**
 * What goes wrong now and then, each at most once with the very same request, so that a client that tries nine times gets
 * through, whatever the seed.
 */
const NOW_AND_THEN: readonly FaultInput[] = [
  { operation: '*', kind: 'throttle', share: 0.05, times_each: 1 },
  { operation: '*', kind: 'server_error', share: 0.03, times_each: 1 },
  { operation: '*', kind: 'html_error', share: 0.02, times_each: 1 },
  { operation: '*', kind: 'html', share: 0.01, times_each: 1 },
  { operation: '*', kind: 'truncated', share: 0.01, times_each: 1 },
  { operation: '*', kind: 'other_protocol', share: 0.01, times_each: 1 },
  { operation: '*', kind: 'cut', share: 0.01, times_each: 1 },
  { operation: '*', kind: 'reset', share: 0.02, times_each: 1 },
];

/** The organization of the demo on a day when AWS, the network and the clock of this machine are all out of sorts. */
export function badDayScenario(): Scenario {
  return defineScenario(
    {
      ...demoScenario(),
      name: 'bad_day',
      description:
        'The organization of the demo, throttled, slow and shaky: every request can fail, none fails for ever. A sync comes out as that of the demo does.',
      seed: 20_261_129,
      page_size: 7,
      latency_ms: { median: 3, p99: 40 },
      session_seconds: 120,
      faults: [
        // A client learns of it once.
        { operation: '*', kind: 'clock_skew', minutes: 11 },
        ...NOW_AND_THEN,
        { operation: 'organizations:ListAccounts', kind: 'expired_token', after: 2, times: 1 },
        { operation: 'organizations:ListPolicies', kind: 'expired_token', times: 1 },
        { operation: 'iam:ListRoles', kind: 'expired_token', times: 1 },
        { operation: '*', kind: 'empty_pages', share: 0.2 },
        { operation: '*', kind: 'overlapping_pages', share: 0.5 },
        { operation: '*', kind: 'wrong_type', share: 0.03 },
        { operation: '*', kind: 'drip', share: 0.02, ms: 300 },
        { operation: '*', kind: 'slow', share: 0.01, ms: 500 },
      ],
    },
    'bad_day',
  );
}
