import { createColors } from 'picocolors';
import type { RequestRate } from '../../catalog/index.js';
import { errorMessage } from '../../postgres/index.js';
import { drawTable, wrap } from '../../report/index.js';
import type { SpecFile } from '../../runner/index.js';
import type { PlannedOperation, Sizes, SyncPlan } from '../../sync/index.js';
import { findDatabase } from '../database.js';
import { readEarlierSync, type EarlierSync } from '../earlier_sync.js';
import { choiceOf, withSource } from '../plugin_source.js';
import { hasColor, print, widthOf } from '../terminal.js';

/** Sizes that the user gives; they go before what an earlier sync says. */
export interface GivenSizes {
  accounts?: number;
  ous?: number;
  policies?: number;
  delegates?: number;
}

interface Options extends GivenSizes {
  database?: string | undefined;
  format: 'text' | 'json';
}

/** Where the sizes come from. */
interface Origin {
  earlier: EarlierSync | undefined;
  /** One sentence for a user. */
  text: string;
}

/** `sync --plan`: prints what a sync would ask. AWS is not asked, nothing is started, nothing is written. */
export async function printPlan({ source, destination }: SpecFile, options: Options): Promise<void> {
  const choice = choiceOf(source);
  const { spec, selection } = choice;
  const planFor = (sizes: Sizes): Promise<SyncPlan> =>
    withSource(choice, (plugin) => plugin.plan(spec, selection, sizes));
  // First without a database: a wrong spec should not wait for one that does not answer.
  await planFor({});
  const origin = await findOrigin(source.name, { flag: options.database, destination: destination?.connectionString });
  const { sizes, assumed } = withGiven(origin.earlier?.sizes ?? {}, options);
  const plan = await planFor(sizes);
  const report = { ...plan, assumed: [...assumed, ...plan.assumed] };
  print(options.format === 'json' ? jsonText(report, source.name, origin) : humanText(report, origin));
}

async function findOrigin(source: string, given: Parameters<typeof findDatabase>[0]): Promise<Origin> {
  const none = (text: string): Origin => ({ earlier: undefined, text });
  const database = await findDatabase(given);
  if (!database) {
    return none(
      'No earlier sync was looked at: the embedded PostgreSQL does not run. After `aws-delegation db start` the plan knows the sizes of the last sync.',
    );
  }
  try {
    const earlier = await readEarlierSync(database.url, source);
    return earlier
      ? {
          earlier,
          text: `Sizes: from the sync of ${earlier.syncTime} UTC of the source "${source}" in ${database.label}.`,
        }
      : none(`No earlier sync: the source "${source}" was never synced into ${database.label}.`);
  } catch (error) {
    return none(`No earlier sync was looked at: ${errorMessage(error)}`);
  }
}

/** What the user says goes before what an earlier sync found, with all that hangs on it. */
function withGiven(earlier: Sizes, given: GivenSizes): { sizes: Sizes; assumed: string[] } {
  let sizes = earlier;
  const assumed: string[] = [];
  if (given.accounts !== undefined) sizes = { ...sizes, accounts: given.accounts };
  if (given.ous !== undefined) {
    const ous = given.ous;
    const unitsPerParent = Array.from({ length: ous + 1 }, (_, index) => Math.min(20, Math.max(0, ous - 20 * index)));
    sizes = { ...sizes, unitsPerParent };
    assumed.push('no OU at the fifth level, and at most 20 below each');
  }
  if (given.policies !== undefined) {
    sizes = { ...without(sizes, 'customerPolicies', 'targetsPerPolicy'), policiesPerType: [given.policies] };
    assumed.push('all policies of one type, and none of them AWS-managed');
  }
  if (given.delegates !== undefined) {
    sizes = { ...without(sizes, 'servicesPerDelegate'), delegates: given.delegates };
  }
  return { sizes, assumed };
}

function without(sizes: Sizes, ...names: (keyof Sizes)[]): Sizes {
  return Object.fromEntries(Object.entries(sizes).filter(([name]) => !names.some((each) => each === name)));
}

function jsonText(plan: SyncPlan, source: string, { earlier, text }: Origin): string {
  const report = {
    source,
    partition: plan.partition,
    calls: plan.calls,
    // False where some size is the smallest that it can be.
    isExact: plan.assumed.length === 0 && plan.areRegionsKnown,
    fewestCalls: plan.fewestCalls,
    seconds: plan.seconds,
    slowest: plan.slowest ?? null,
    sizesFrom: earlier?.syncTime ?? null,
    sizesNote: text,
    assumed: plan.assumed,
    areRegionsKnown: plan.areRegionsKnown,
    operations: plan.operations.map(({ operation, regions, calls, fewestCalls, why, rate, seconds }) => ({
      operation,
      regions,
      calls,
      fewestCalls,
      why: why ?? null,
      rate: rate ?? null,
      seconds: seconds ?? null,
    })),
  };
  return JSON.stringify(report, null, 2);
}

function humanText(plan: SyncPlan, { text }: Origin): string {
  const colors = createColors(hasColor(process.stdout));
  const { operations, assumed } = plan;
  const width = Math.max(widthOf(process.stdout), 100);
  const head = ['Operation', 'Regions', 'Calls', 'Fewest', 'Rate', 'Seconds'].map((title) => [
    { text: title, paint: colors.bold },
  ]);
  const rows = operations.map(({ operation, regions, calls, fewestCalls, rate, seconds }) => [
    [{ text: operation }],
    [{ text: regions.length === 1 ? (regions[0] ?? '') : `${regions.length} Regions` }],
    [{ text: String(calls) }],
    [{ text: String(fewestCalls) }],
    [{ text: rate ? rateText(rate.account, rate.isPerRegion) : 'not documented' }],
    [{ text: seconds === undefined ? 'not known' : secondsText(seconds) }],
  ]);
  const bullet = (line: string): string => wrap(line, width, '- ', '  ');
  const above = operations.filter(({ why }) => why !== undefined);
  return [
    drawTable([head, ...rows], { width, smallest: [Math.max(...operations.map((each) => each.operation.length)), 9] }),
    '',
    colors.bold(
      `${assumed.length > 0 ? 'At least ' : ''}${plan.calls} calls; ${plan.fewestCalls} would tell structure, policies and administrators alone.`,
    ),
    wrap(slowestText(plan), width, '', ''),
    '',
    ...(above.length > 0 ? ['The others are for:', ...above.map((each) => bullet(whyText(each))), ''] : []),
    wrap(text, width, '', ''),
    ...(plan.areRegionsKnown ? [] : [wrap(regionsText(plan), width, '', '')]),
    ...(assumed.length > 0 ? ['Assumed, because nobody knows:', ...assumed.map(bullet)] : []),
  ].join('\n');
}

function slowestText({ operations, slowest, seconds }: SyncPlan): string {
  const decisive = operations.find(({ operation }) => operation === slowest);
  if (decisive?.rate === undefined) return "None of them has to wait for AWS's documented rates.";
  const { account, isPerRegion } = decisive.rate;
  const rate = `${account.perSecond} a second${isPerRegion ? ' in each Region' : ''}, after a burst of ${account.burst}`;
  return (
    `${decisive.operation} decides: ${decisive.calls} calls at ${rate}. Each API has a rate of ` +
    `its own and all are asked beside each other, so AWS's rates allow the whole in ${secondsText(seconds)} s.`
  );
}

function whyText({ operation, calls, fewestCalls, why }: PlannedOperation): string {
  return `${operation}, ${calls - fewestCalls}: ${why ?? ''}`;
}

function regionsText({ operations, partition }: SyncPlan): string {
  const all = new Set(operations.flatMap(({ regions }) => regions));
  return `Regions: ${all.size} of ${partition}, which is every one that the spec allows and this version knows; nobody knows which are enabled, and those that are not cost no calls.`;
}

function rateText({ perSecond, burst }: RequestRate, isPerRegion: boolean): string {
  return `${perSecond}/s, burst ${burst}${isPerRegion ? ', per Region' : ''}`;
}

function secondsText(seconds: number): string {
  return seconds === 0 ? '0' : seconds.toFixed(1);
}
