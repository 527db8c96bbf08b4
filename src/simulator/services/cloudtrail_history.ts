import { ownerOf } from '../auth.js';
import type { Call, World } from '../call.js';
import { organizationsRegion } from '../regions.js';
import { ScenarioError, type Scenario } from '../scenario.js';
import { uuidOf } from '../uuid.js';
import { iam } from './iam.js';
import { networkmanager } from './networkmanager.js';
import { organizations } from './organizations.js';

type EventScenario = Scenario['cloudtrail']['events'][number];
type Fields = Omit<EventScenario, 'time' | 'name' | 'id' | 'delivered'>;

/** An event and where it belongs in the history. */
export interface Entry {
  /** Seconds since 1970, which is as exact as CloudTrail is. */
  readonly time: number;
  readonly id: string;
  readonly name: string;
  readonly fields: Fields;
  readonly account: string;
  readonly region: string;
  /** Milliseconds since 1970, from when on it is there. */
  readonly delivered: number;
}

const DAYS_KEPT = 90;
const DAY_MS = 86_400_000;

// Services with one endpoint, where their events are: "You can view all CloudTrail information for AWS Organizations only in the
// US East (N. Virginia) Region" (Organizations user guide), and likewise in the other partitions.
const ONE_ENDPOINT = {
  'iam.amazonaws.com': iam,
  'networkmanager.amazonaws.com': networkmanager,
  'organizations.amazonaws.com': organizations,
};

function regionOf({ source, region }: Fields, { scenario }: World): string {
  const home = Object.hasOwn(ONE_ENDPOINT, source)
    ? ONE_ENDPOINT[source as keyof typeof ONE_ENDPOINT].homeRegion?.(scenario)
    : undefined;
  if (home !== undefined && region !== undefined && region !== home) {
    throw new ScenarioError(
      `Looking up the events of the scenario ${scenario.name}: one of ${source} is in ${region}, all of them are in ${home}. Leave out its region.`,
    );
  }
  return region ?? home ?? organizationsRegion(scenario.partition);
}

/** Events are written for the account that acted, or that `account` names. */
function accountOf({ account, who }: Fields, world: World): string {
  return account ?? /:(\d{12}):/.exec(who ?? '')?.[1] ?? ownerOf(world, undefined);
}

/** Newest first; within a second by ID, so that each page begins where the one before it ended. */
function compare(left: Pick<Entry, 'time' | 'id'>, right: Pick<Entry, 'time' | 'id'>): number {
  if (left.time !== right.time) return right.time - left.time;
  return left.id < right.id ? -1 : Number(left.id > right.id);
}

const listed = new WeakMap<Scenario, readonly Entry[]>();

/** The events that the scenario names one by one, of every account and Region. */
function listedEvents(world: World): readonly Entry[] {
  const { scenario } = world;
  const known = listed.get(scenario);
  if (known) return known;
  const { events, events_delay_seconds: delay } = scenario.cloudtrail;
  const seen = new Map<string, number>();
  const entries = events.map(({ time, name, id, delivered, ...fields }) => {
    const account = accountOf(fields, world);
    const region = regionOf(fields, world);
    const seed = JSON.stringify([account, region, time, name, fields]);
    // The same call twice in one second is two events.
    const times = (seen.get(seed) ?? 0) + 1;
    seen.set(seed, times);
    return {
      time: Math.floor(time.getTime() / 1000),
      id: id ?? uuidOf(`${seed} ${times}`),
      name,
      fields,
      account,
      region,
      delivered: delivered?.getTime() ?? time.getTime() + delay * 1000,
    };
  });
  entries.sort(compare);
  listed.set(scenario, entries);
  return entries;
}

/** The events of one line of the scenario, from the second of `cursor` on; each is made when it is asked for. */
function* generatedEvents(call: Call, line: number, cursor: Cursor | undefined): Generator<Entry, undefined> {
  const { world } = call;
  const { generated_events: generated, events_delay_seconds: delay } = world.scenario.cloudtrail;
  const template = generated[line];
  if (!template) return;
  const { count, names, from, to, ...fields } = template;
  const [account, region] = [accountOf(fields, world), regionOf(fields, world)];
  if (account !== call.caller.accountId || region !== call.region) return;
  const apart = count > 1 ? (to.getTime() - from.getTime()) / (count - 1) : 0;
  for (let index = 0; index < count; index += 1) {
    const at = to.getTime() - index * apart;
    const time = Math.floor(at / 1000);
    if (cursor && time > cursor.time) continue;
    // Rising with the index, so that events of one second come in the order of their IDs.
    const id = `${line.toString(16).padStart(8, '0')}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
    yield { time, id, name: names[index % names.length] ?? '', fields, account, region, delivered: at + delay * 1000 };
  }
}

/** All sequences as one; each of them is in order. */
function* merge(sequences: readonly Iterator<Entry, undefined>[]): Generator<Entry, undefined> {
  const waiting = sequences.map((sequence) => ({ sequence, head: sequence.next().value }));
  for (;;) {
    let first: (typeof waiting)[number] | undefined;
    for (const candidate of waiting) {
      if (candidate.head && (!first?.head || compare(candidate.head, first.head) < 0)) first = candidate;
    }
    if (!first?.head) return;
    yield first.head;
    first.head = first.sequence.next().value;
  }
}

/** The last event of a page; what has arrived before it since then is not on the next one. */
export type Cursor = Pick<Entry, 'time' | 'id'>;

/** What the caller can see in this Region after the cursor, newest first. */
export function* history(call: Call, cursor: Cursor | undefined): Generator<Entry> {
  const { caller, region, world } = call;
  const now = Date.now();
  const sequences = [
    listedEvents(world).values(),
    ...world.scenario.cloudtrail.generated_events.map((_, line) => generatedEvents(call, line, cursor)),
  ];
  for (const entry of merge(sequences)) {
    if (entry.time * 1000 < now - DAYS_KEPT * DAY_MS) return;
    if (entry.account !== caller.accountId || entry.region !== region) continue;
    if (cursor && compare(entry, cursor) <= 0) continue;
    if (entry.delivered <= now && entry.time * 1000 <= now) yield entry;
  }
}
