import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { rateOf, secondsAtRate } from '../dist/src/catalog/index.js';
import { regionsThatAreOn } from '../dist/src/simulator/places.js';
import { startSimulator } from '../dist/src/simulator/index.js';
import { amount, result, sum } from './results.js';

/** How long AWS takes for an answer, before it is scaled as the rates are. */
const latencyMs = 100;

/** One round, because the rates decide the time. The larger organizations are faster by a factor, simulator and plugin alike. */
export async function measureRates({ scaled, signal, tell }) {
  const sizes = [
    { accounts: 100, factor: 1 },
    { accounts: 1_000, factor: 1 },
    { accounts: 10_000, factor: 2 },
    { accounts: 50_000, factor: 5 },
  ].map(({ accounts, factor }) => ({ accounts: scaled(accounts), factor }));
  const results = [];
  const peaks = [];
  for (const { accounts, factor } of sizes) {
    const one = await syncAtRates({ accounts, factor, signal });
    const { failed = 0, denied = 0 } = one.outcomes;
    tell(
      `${accounts} accounts, AWS's rates times ${factor}: ${amount(one.seconds, 's')}, of which ${one.slowest} takes ${amount(one.boundSeconds, 's')}; ` +
        `${one.sent} requests, ${one.throttled} throttled, reads: ${failed} failed, ${denied} denied; ` +
        `CPU ${((100 * one.cpuSeconds) / one.seconds).toFixed(1)} %, peak ${amount(one.peakBytes, 'bytes')}; ` +
        `above the fewest: ${JSON.stringify(one.aboveTheFewest)}`,
    );
    peaks.push(one.peakBytes);
    results.push(
      result({
        what: `sync at AWS's rates${factor === 1 ? '' : ` times ${factor}`}, beside the rates alone`,
        count: accounts,
        of: 'accounts',
        unit: 's',
        ours: one.seconds,
        beside: one.boundSeconds,
        target: { of: 'ratio', atMost: 1.1 },
      }),
      result({
        what: 'processor time, beside the time of the sync',
        count: accounts,
        of: 'accounts',
        unit: 's',
        ours: one.cpuSeconds,
        beside: one.seconds,
      }),
      result({
        what: 'requests, beside the fewest',
        count: accounts,
        of: 'accounts',
        unit: 'requests',
        ours: one.sentBesideHistory,
        beside: one.fewest,
        target: { of: 'ratio', atMost: 1.02 },
      }),
      result({
        what: 'throttled requests, beside all',
        count: accounts,
        of: 'accounts',
        unit: 'requests',
        ours: one.throttled,
        beside: one.sent,
      }),
    );
  }
  results.push(
    result({
      what: `peak memory, beside ${sizes[1].accounts.toLocaleString('en')} accounts`,
      count: sizes[3].accounts,
      of: 'accounts',
      unit: 'bytes',
      ours: peaks[3],
      beside: peaks[1],
    }),
  );
  return { results };
}

/**
 * One sync of everything in an organization of so many accounts, at AWS's rates times `factor`: its seconds beside those that
 * the rates alone take, its requests beside the fewest, how they ended, CPU and peak memory of the plugin.
 */
async function syncAtRates({ accounts, factor, signal }) {
  signal.throwIfAborted();
  const simulator = await startSimulator({ scenario: 'large', accounts });
  simulator.change((scenario) => {
    scenario.rates = factor;
    scenario.latency_ms = latencyMs / factor;
  });
  const child = fork(fileURLToPath(new URL('rates_plugin.js', import.meta.url)), [simulator.url, String(factor)], {
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const end = () => child.kill('SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  try {
    const [told] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the sync at AWS's rates ended with ${code}`);
      }),
    ]);
    const answered = answeredPerBucket(simulator.requests);
    const fewest = fewestRequests(simulator.scenario);
    const fewestInAll = sum(Object.values(fewest));
    const asked = simulator.requests.filter(({ operation }) => operation !== history);
    return {
      accounts,
      factor,
      ...told,
      boundSeconds: Math.max(...answered.map(({ seconds }) => seconds)) / factor,
      slowest: answered.toSorted((left, right) => right.seconds - left.seconds)[0].bucket,
      sent: simulator.requests.length,
      // Whatever has a rate answers with success here, or with a throttle.
      throttled: simulator.requests.filter(({ operation, status }) => rateOf(operation) && status !== 200).length,
      sentBesideHistory: asked.length,
      fewest: fewestInAll,
      aboveTheFewest: aboveTheFewest(asked, fewest),
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

/** The event history is asked event name by event name: `npm run bench -- events` measures it. */
const history = 'cloudtrail:LookupEvents';

/** For each bucket of AWS's, the seconds that its requests take at least; those that were throttled took no token. */
function answeredPerBucket(requests) {
  const counts = new Map();
  for (const { operation, region, status } of requests) {
    const rate = rateOf(operation);
    if (!rate || status !== 200) continue;
    const bucket = rate.isPerRegion ? `${operation} ${region}` : operation;
    counts.set(bucket, { rate, count: (counts.get(bucket)?.count ?? 0) + 1 });
  }
  return [...counts].map(([bucket, { rate, count }]) => ({ bucket, count, seconds: secondsAtRate(count, rate) }));
}

/**
 * The fewest requests that tell what the tables hold, worked out from the scenario and from nothing of the plugin's. What
 * is not here needs no request: places of accounts come with the accounts, and without a role nobody acts in a delegate.
 */
function fewestRequests(scenario) {
  const { organization } = scenario;
  const { root, organizational_units: units, policies, delegated_administrators: delegations } = organization;
  const enabled = root.policy_types.filter(({ status }) => status === 'ENABLED').map(({ type }) => type);
  const inForce = policies.filter(({ type }) => enabled.includes(type));
  const everything = 1 + units.length + organization.accounts.length;
  const perDelegate = [...new Set(delegations.map(({ account }) => account))].map(
    (delegate) => delegations.filter(({ account }) => account === delegate).length,
  );
  const regions = regionsThatAreOn(scenario);
  const inRegions = (service) =>
    regions.filter((region) => !(scenario[service]?.absent_regions ?? []).includes(region)).length;
  // AWS has one policy of its own for SCPs and one for RCPs. FullAWSAccess is attached to everything; so is RCPFullAWSAccess,
  // for ever, so that it need not be asked.
  const awsPolicies = { SERVICE_CONTROL_POLICY: 1, RESOURCE_CONTROL_POLICY: 1 };
  return {
    // Who asks, and in which Regions.
    'sts:GetCallerIdentity': 1,
    'ec2:DescribeRegions': 1,
    'organizations:DescribeOrganization': 1,
    'organizations:ListRoots': 1,
    'organizations:ListAccounts': pages(organization.accounts.length),
    // OUs of the fifth level can have no children.
    'organizations:ListOrganizationalUnitsForParent': sum(
      ['', ...units.map(({ path }) => path).filter((path) => depthOf(path) < 5)].map((parent) =>
        pages(
          units.filter(({ path }) => path.startsWith(`${parent}/`) && depthOf(path) === depthOf(parent) + 1).length,
        ),
      ),
    ),
    'organizations:ListPolicies': sum(
      enabled.map((type) => pages(inForce.filter((policy) => policy.type === type).length + (awsPolicies[type] ?? 0))),
    ),
    // The texts of AWS's own could be left out.
    'organizations:DescribePolicy': inForce.length,
    'organizations:ListTargetsForPolicy':
      sum(inForce.map(({ targets }) => pages(targets.length))) +
      (enabled.includes('SERVICE_CONTROL_POLICY') ? pages(everything) : 0),
    'organizations:ListAWSServiceAccessForOrganization': pages(organization.service_access.length),
    // All of them. Who administers one service could be told from the next list, once it has come to its end.
    'organizations:ListDelegatedAdministrators': pages(perDelegate.length),
    'organizations:ListDelegatedServicesForAccount': sum(perDelegate.map((held) => pages(held))),
    'organizations:DescribeResourcePolicy': 1,
    'organizations:ListHandshakesForOrganization': pages(organization.handshakes.length),
    'guardduty:ListOrganizationAdminAccounts': regions.length,
    // In each Region for CSPM, once for V2.
    'securityhub:ListOrganizationAdminAccounts': regions.length + 1,
    'macie2:ListOrganizationAdminAccounts': inRegions('macie2'),
    'detective:ListOrganizationAdminAccounts': inRegions('detective'),
    'inspector2:ListDelegatedAdminAccounts': inRegions('inspector2'),
    'auditmanager:GetOrganizationAdminAccount': inRegions('auditmanager'),
    'fms:ListAdminAccountsForOrganization': 1,
    'fms:GetAdminAccount': 1,
    'iam:ListOrganizationsFeatures': 1,
    'iam:ListRoles': 1,
    'cloudtrail:DescribeTrails': regions.length,
    'cloudtrail:ListEventDataStores': regions.length,
    'ec2:DescribeIpams': regions.length,
    'networkmanager:ListOrganizationServiceAccessStatus': 1,
    // The management account may have analyzers and aggregators of the organization, and nobody lists those who have.
    'access-analyzer:ListAnalyzers': regions.length,
    'config:DescribeConfigurationAggregators': regions.length,
  };
}

function aboveTheFewest(requests, fewest) {
  const counts = {};
  for (const { operation } of requests) counts[operation] = (counts[operation] ?? 0) + 1;
  const names = new Set([...Object.keys(counts), ...Object.keys(fewest)]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const above = (counts[name] ?? 0) - (fewest[name] ?? 0);
      return above === 0 ? [] : [[name, above]];
    }),
  );
}

function depthOf(path) {
  return path.split('/').length - 1;
}

/** An empty list is asked too. Organizations has 20 to a page. */
function pages(items) {
  return Math.max(1, Math.ceil(items / 20));
}
