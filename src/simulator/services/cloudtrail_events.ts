import { createHash } from 'node:crypto';
import { ownerOf } from '../auth.js';
import type { Call, Input, Operation, Output, World } from '../call.js';
import { AwsError } from '../errors.js';
import { text } from '../input.js';
import { seal, unseal } from '../pages.js';
import { organizationsRegion } from '../regions.js';
import { ScenarioError, type Scenario } from '../scenario.js';
import { uuidOf } from '../uuid.js';
import { iam } from './iam.js';
import { networkmanager } from './networkmanager.js';
import { organizations } from './organizations.js';

// The event history. Members, limits and error names: botocore, cloudtrail 2013-11-01, LookupEvents. Nothing public shows the
// words of its errors; they are the model's descriptions.
function failure(code: string, message: string): AwsError {
  return new AwsError(code, 400, message);
}

type EventScenario = Scenario['cloudtrail']['events'][number];
type Fields = Omit<EventScenario, 'time' | 'name' | 'id' | 'delivered'>;

/** An event and where it belongs in the history. */
interface Entry {
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
type Cursor = Pick<Entry, 'time' | 'id'>;

/** What the caller can see in this Region after the cursor, newest first. */
function* history(call: Call, cursor: Cursor | undefined): Generator<Entry> {
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

interface Identity {
  readonly userIdentity: Output;
  readonly username: string | undefined;
  readonly accessKeyId: string | undefined;
  /** Of a service, which is its own address. */
  readonly service?: string;
}

/** An ID that is the same for the same seed and, ending as AWS's examples do, is nobody's. */
function exampleId(prefix: string, seed: string, digits = 10): string {
  return `${prefix}${createHash('sha256').update(seed).digest('hex').slice(0, digits).toUpperCase()}EXAMPLE`;
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function identityOf({ time, account, fields }: Entry, partition: string): Identity {
  const who = fields.who ?? `arn:${partition}:iam::${account}:user/simulated`;
  const [, accountId, type, path] = /^arn:[^:]+:[^:]+::(\d{12}):([a-z-]+)\/?(.*)$/.exec(who) ?? [];
  if (accountId === undefined || path === undefined) {
    const username = fields.user_name;
    return {
      userIdentity: { type: 'AWSService', invokedBy: who },
      username,
      accessKeyId: fields.access_key_id,
      service: who,
    };
  }
  if (type === 'root') {
    const accessKeyId = fields.access_key_id ?? exampleId('ASIA', who, 9);
    const userIdentity = { type: 'Root', principalId: accountId, arn: who, accountId, accessKeyId };
    return { userIdentity, username: fields.user_name ?? 'root', accessKeyId };
  }
  if (type === 'user') {
    const userName = fields.user_name ?? path.split('/').at(-1) ?? '';
    const accessKeyId = fields.access_key_id ?? exampleId('AKIA', who, 9);
    const principalId = exampleId('AIDA', who);
    return {
      userIdentity: { type: 'IAMUser', principalId, arn: who, accountId, accessKeyId, userName },
      username: userName,
      accessKeyId,
    };
  }
  // The ARN of a session has the name of its role without the path; only the ARN of the role itself has it.
  const parts = path.split('/');
  const isRole = type === 'role';
  const role = (isRole ? parts.at(-1) : parts[0]) ?? '';
  const session = fields.user_name ?? (isRole ? 'session' : (parts[1] ?? ''));
  const roleArn = isRole ? who : `arn:${partition}:iam::${accountId}:role/${role}`;
  const rolePrincipal = exampleId('AROA', roleArn);
  const accessKeyId = fields.access_key_id ?? exampleId('ASIA', `${roleArn} ${session}`, 9);
  return {
    userIdentity: {
      type: 'AssumedRole',
      principalId: `${rolePrincipal}:${session}`,
      arn: `arn:${partition}:sts::${accountId}:assumed-role/${role}/${session}`,
      accountId,
      accessKeyId,
      sessionContext: {
        sessionIssuer: { type: 'Role', principalId: rolePrincipal, arn: roleArn, accountId, userName: role },
        attributes: { creationDate: writeTime(time - 600), mfaAuthenticated: 'false' },
      },
    },
    username: session,
    accessKeyId,
  };
}

function writeTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

function isReadOnly({ name, fields }: Entry): boolean {
  return fields.read_only ?? /^(BatchGet|Describe|Get|List|Lookup|Search)/.test(name);
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
function recordOf(entry: Entry, { userIdentity, service }: Identity): Output {
  const { fields, id } = entry;
  return {
    eventVersion: '1.11',
    userIdentity,
    eventTime: writeTime(entry.time),
    eventSource: fields.source,
    eventName: entry.name,
    awsRegion: entry.region,
    sourceIPAddress: fields.source_ip ?? service ?? '192.0.2.10',
    userAgent: fields.user_agent ?? service ?? 'aws-cli/2.31.0',
    // Only where the call failed.
    errorCode: fields.error_code,
    errorMessage: fields.error_message,
    requestParameters: fields.request ?? null,
    responseElements: fields.response ?? null,
    requestID: uuidOf(`request ${id}`),
    eventID: id,
    readOnly: isReadOnly(entry),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: entry.account,
    eventCategory: 'Management',
    ...fields.record,
  };
}

function showEvent(entry: Entry, partition: string): Output {
  const identity = identityOf(entry, partition);
  const { fields } = entry;
  return {
    EventId: entry.id,
    EventName: entry.name,
    ReadOnly: String(isReadOnly(entry)),
    AccessKeyId: identity.accessKeyId,
    EventTime: new Date(entry.time * 1000),
    EventSource: fields.source,
    Username: identity.username,
    Resources: (fields.resources ?? []).map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
    CloudTrailEvent: JSON.stringify(recordOf(entry, identity)),
  };
}

const ATTRIBUTES: Record<string, (entry: Entry, partition: string) => readonly (string | undefined)[]> = {
  EventId: ({ id }) => [id],
  EventName: ({ name }) => [name],
  ReadOnly: (entry) => [String(isReadOnly(entry))],
  Username: (entry, partition) => [identityOf(entry, partition).username],
  ResourceType: ({ fields }) => (fields.resources ?? []).map(({ type }) => type),
  ResourceName: ({ fields }) => (fields.resources ?? []).map(({ name }) => name),
  EventSource: ({ fields }) => [fields.source],
  AccessKeyId: (entry, partition) => [identityOf(entry, partition).accessKeyId],
};

const OF_INSIGHTS = ['EventId', 'EventName', 'EventSource'];

interface Attribute {
  readonly AttributeKey: string;
  readonly AttributeValue: string;
}

/** "Currently the list can contain only one item." */
function readAttribute({ LookupAttributes = [], EventCategory }: Input): Attribute | undefined {
  const [attribute, ...more] = LookupAttributes as readonly Attribute[];
  if (more.length > 0) {
    throw failure('InvalidLookupAttributesException', 'You can specify only one attribute for each lookup.');
  }
  if (!attribute) return undefined;
  const { AttributeKey: key, AttributeValue: value } = attribute;
  // "The following characters count as two characters towards the 2000 character limit."
  if (value.length + (value.match(/[_ ,\n]/g)?.length ?? 0) > 2000) {
    throw failure('InvalidLookupAttributesException', `The value of ${key} is longer than 2000 characters.`);
  }
  if (EventCategory !== undefined && !OF_INSIGHTS.includes(key)) {
    throw failure('InvalidLookupAttributesException', `${key} is no attribute of Insights events.`);
  }
  return attribute;
}

/**
 * "After or at" and "before or at", in seconds. The model also refuses times "outside the range of possible values" and does not
 * say which these are. A start before the 90 days is none of them: now less 90 days is before them when it arrives.
 */
function readRange({ StartTime, EndTime }: Input): { start: number; end: number } {
  const start = typeof StartTime === 'number' ? StartTime : -Infinity;
  const end = typeof EndTime === 'number' ? EndTime : Infinity;
  if (start > end) {
    throw failure('InvalidTimeRangeException', 'The start time occurs after the end time.');
  }
  return { start, end };
}

function writePosition(cursor: Cursor | undefined, step: number, size: number): string {
  const after = cursor ? `${cursor.time}_${cursor.id}` : '0';
  return `${after}/${step}/${size}`;
}

interface Position {
  readonly cursor: Cursor | undefined;
  readonly step: number;
}

/** "This token must be passed in with the same parameters that were specified in the original call", MaxResults among them. */
function readPosition(call: Call, size: number): Position {
  const token = text(call.input, 'NextToken');
  if (token === undefined) return { cursor: undefined, step: 0 };
  const position = unseal(call, token);
  // What the fault repeat_token hands out where there is one page only.
  if (position === '0-1') return { cursor: undefined, step: 1 };
  const [after = '', step, sizeBefore] = position?.split('/') ?? [];
  if (step === undefined || Number(sizeBefore) !== size) {
    throw failure(
      'InvalidNextTokenException',
      'A token that is not valid, or a token that was previously used in a request with different parameters.',
    );
  }
  const [time, id] = after.split('_');
  return { cursor: id === undefined ? undefined : { time: Number(time), id }, step: Number(step) };
}

export const lookupEvents: Operation = {
  input: {
    LookupAttributes: {
      type: 'list',
      item: {
        type: 'structure',
        members: {
          AttributeKey: { type: 'string', required: true, enum: Object.keys(ATTRIBUTES) },
          AttributeValue: { type: 'string', required: true, min: 1, max: 2000 },
        },
      },
    },
    StartTime: { type: 'timestamp' },
    EndTime: { type: 'timestamp' },
    EventCategory: { type: 'string', enum: ['insight'] },
    MaxResults: { type: 'integer', min: 1, max: 50 },
    NextToken: { type: 'string' },
  },
  handle(call) {
    const { input, world } = call;
    const { partition, empty_pages: hasEmptyPages, page_size: pageSize } = world.scenario;
    const attribute = readAttribute(input);
    const { start, end } = readRange(input);
    const size = typeof input['MaxResults'] === 'number' ? input['MaxResults'] : 50;
    const { cursor, step } = readPosition(call, size);
    // Nothing here is unusual, so there is no insight.
    if (input['EventCategory'] !== undefined) return { Events: [] };
    if (hasEmptyPages && step % 3 === 0) {
      return { Events: [], NextToken: seal(call, writePosition(cursor, step + 1, size)) };
    }

    const most = Math.min(size, pageSize ?? size);
    const found: Entry[] = [];
    for (const entry of history(call, cursor)) {
      if (entry.time > end) continue;
      if (entry.time < start) break;
      if (attribute && !ATTRIBUTES[attribute.AttributeKey]?.(entry, partition).includes(attribute.AttributeValue))
        continue;
      found.push(entry);
      // One more than is shown tells whether there is a next page.
      if (found.length > most) break;
    }
    const shown = found.slice(0, most);
    return {
      Events: shown.map((entry) => showEvent(entry, partition)),
      NextToken: found.length > most ? seal(call, writePosition(shown.at(-1), step + 1, size)) : undefined,
    };
  },
};
