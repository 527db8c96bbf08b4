import {
  LookupEventsCommand,
  paginateLookupEvents,
  type Event,
  type LookupAttributeKey,
  type LookupEventsCommandInput,
} from '@aws-sdk/client-cloudtrail';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type ScenarioInput, type Simulator } from '../../src/simulator/index.js';
import { delegate, management, member, scenarioWith } from '../support/account.js';
import { clients, failure, signed } from './clients.js';

type EventInput = NonNullable<NonNullable<ScenarioInput['cloudtrail']>['events']>[number];

const ORGANIZATIONS = 'organizations.amazonaws.com';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Whole seconds, which is all that the history keeps. */
function before(now: number, milliseconds: number): Date {
  return new Date(Math.floor(now / 1000) * 1000 - milliseconds);
}

let now: number;
let simulator: Simulator;
beforeEach(async () => {
  now = Date.now();
  simulator = await startSimulator({ scenario: scenarioWith() });
});
afterEach(() => simulator.close());

function happened(...events: EventInput[]): void {
  simulator.setScenario(scenarioWith({ cloudtrail: { events } }));
}

interface Asking {
  readonly account?: string;
  readonly region?: string;
}

async function lookUp(input: LookupEventsCommandInput = {}, asking: Asking = {}): Promise<Event[]> {
  const { cloudtrail } = clients(simulator, asking);
  return (await cloudtrail.send(new LookupEventsCommand(input))).Events ?? [];
}

async function names(input: LookupEventsCommandInput = {}, asking: Asking = {}): Promise<unknown[]> {
  return (await lookUp(input, asking)).map(({ EventName }) => EventName);
}

async function everyPage(input: LookupEventsCommandInput = {}): Promise<Event[][]> {
  const pages: Event[][] = [];
  for await (const page of paginateLookupEvents({ client: clients(simulator).cloudtrail }, input)) {
    pages.push(page.Events ?? []);
  }
  return pages;
}

function record({ CloudTrailEvent = '' }: Event): Record<string, unknown> {
  return JSON.parse(CloudTrailEvent) as Record<string, unknown>;
}

async function refusal(input: LookupEventsCommandInput): Promise<unknown> {
  const { name, status } = await failure(lookUp(input));
  return [name, status];
}

test('one event, whole', async () => {
  happened({
    time: before(now, DAY),
    name: 'RegisterDelegatedAdministrator',
    source: ORGANIZATIONS,
    who: `arn:aws:iam::${management}:role/platform/Pipeline`,
    user_name: 'deploy',
    access_key_id: 'ASIAIOSFODNN7EXAMPLE',
    source_ip: '198.51.100.7',
    user_agent: 'terraform',
    request: { accountId: delegate, servicePrincipal: 'guardduty.amazonaws.com' },
    resources: [{ type: 'AWS::Organizations::Account', name: delegate }, { name: 'untyped' }],
    id: '11111111-2222-3333-4444-555555555555',
  });
  const [event, ...more] = await lookUp();
  expect(more).toEqual([]);
  const { CloudTrailEvent, ...rest } = event ?? {};
  expect(rest).toEqual({
    EventId: '11111111-2222-3333-4444-555555555555',
    EventName: 'RegisterDelegatedAdministrator',
    ReadOnly: 'false',
    AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    EventTime: before(now, DAY),
    EventSource: ORGANIZATIONS,
    Username: 'deploy',
    Resources: [{ ResourceType: 'AWS::Organizations::Account', ResourceName: delegate }, { ResourceName: 'untyped' }],
  });
  const time = (at: Date): string => at.toISOString().replace('.000', '');
  const principalId = expect.stringMatching(/^AROA[0-9A-F]{10}EXAMPLE$/) as string;
  expect(JSON.parse(CloudTrailEvent ?? '')).toEqual({
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: expect.stringMatching(/^AROA[0-9A-F]{10}EXAMPLE:deploy$/) as string,
      arn: `arn:aws:sts::${management}:assumed-role/Pipeline/deploy`,
      accountId: management,
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId,
          arn: `arn:aws:iam::${management}:role/platform/Pipeline`,
          accountId: management,
          userName: 'Pipeline',
        },
        attributes: { creationDate: time(before(now, DAY + 10 * MINUTE)), mfaAuthenticated: 'false' },
      },
    },
    eventTime: time(before(now, DAY)),
    eventSource: ORGANIZATIONS,
    eventName: 'RegisterDelegatedAdministrator',
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: 'terraform',
    requestParameters: { accountId: delegate, servicePrincipal: 'guardduty.amazonaws.com' },
    responseElements: null,
    requestID: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
    eventID: '11111111-2222-3333-4444-555555555555',
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: management,
    eventCategory: 'Management',
  });
});

test('who it was, in the words of each kind of identity', async () => {
  const by = (who: string | undefined, more: Partial<EventInput> = {}): EventInput => ({
    ...{ time: before(now, DAY), name: 'CreatePolicy', source: ORGANIZATIONS, who },
    ...more,
  });
  const cases: [EventInput, string | undefined, RegExp | undefined, Record<string, unknown>][] = [
    [by(undefined), 'simulated', /^AKIA/, { type: 'IAMUser', arn: `arn:aws:iam::${management}:user/simulated` }],
    [by(`arn:aws:iam::${management}:user/people/ada`), 'ada', /^AKIA/, { type: 'IAMUser', userName: 'ada' }],
    [by(`arn:aws:iam::${management}:root`), 'root', /^ASIA/, { type: 'Root', principalId: management }],
    [by(`arn:aws:sts::${management}:assumed-role/Admin/grace`), 'grace', /^ASIA/, { type: 'AssumedRole' }],
    [
      by('guardduty.amazonaws.com', { account: management }),
      undefined,
      undefined,
      { type: 'AWSService', invokedBy: 'guardduty.amazonaws.com' },
    ],
  ];
  for (const [event, username, key, identity] of cases) {
    happened(event);
    const [found] = await lookUp();
    expect(found?.Username).toBe(username);
    if (key) expect(found?.AccessKeyId).toMatch(new RegExp(`${key.source}[0-9A-F]{9}EXAMPLE$`));
    else expect(found).not.toHaveProperty('AccessKeyId');
    expect(record(found ?? {})['userIdentity']).toMatchObject(identity);
  }
});

test('a refused call says why; other members of the record can be set', async () => {
  happened({
    time: before(now, DAY),
    name: 'DeregisterDelegatedAdministrator',
    source: ORGANIZATIONS,
    error_code: 'AccessDenied',
    error_message: 'You may not.',
    record: { sessionCredentialFromConsole: 'true', eventVersion: '1.08' },
  });
  expect((await lookUp()).map(record)).toMatchObject([
    {
      errorCode: 'AccessDenied',
      errorMessage: 'You may not.',
      responseElements: null,
      sessionCredentialFromConsole: 'true',
      eventVersion: '1.08',
    },
  ]);
});

test('IDs: the same each time, and two for the same call twice in one second', async () => {
  const event = { time: before(now, DAY), name: 'AttachPolicy', source: ORGANIZATIONS };
  happened(event, event);
  const first = (await lookUp()).map(({ EventId }) => EventId);
  expect(new Set(first).size).toBe(2);
  happened(event, event);
  expect((await lookUp()).map(({ EventId }) => EventId)).toEqual(first);
});

describe('which events', () => {
  test('newest first, and at most 50 of them', async () => {
    happened(
      ...Array.from({ length: 51 }, (_, index) => ({
        time: before(now, DAY + ((index * 7) % 51) * MINUTE),
        name: 'AttachPolicy',
        source: ORGANIZATIONS,
      })),
    );
    const [first = [], second = [], ...more] = await everyPage();
    expect([first.length, second.length, more.length]).toEqual([50, 1, 0]);
    const times = [...first, ...second].map(({ EventTime }) => EventTime?.getTime() ?? 0);
    expect(times).toEqual([...times].sort((left, right) => right - left));
    expect(new Set(times).size).toBe(51);
  });

  test('from the start on and up to the end, both included', async () => {
    const at = (name: string, minutes: number): EventInput => ({
      ...{ time: before(now, minutes * MINUTE), name, source: ORGANIZATIONS },
    });
    happened(at('first', 30), at('second', 20), at('third', 10));
    const [first, second, third] = [30, 20, 10].map((minutes) => before(now, minutes * MINUTE));
    expect(await names()).toEqual(['third', 'second', 'first']);
    expect(await names({ StartTime: second })).toEqual(['third', 'second']);
    expect(await names({ EndTime: second })).toEqual(['second', 'first']);
    expect(await names({ StartTime: second, EndTime: second })).toEqual(['second']);
    expect(await names({ StartTime: first, EndTime: third })).toHaveLength(3);
    expect(
      await names({ StartTime: before(now, 20 * MINUTE - 1000), EndTime: before(now, 10 * MINUTE + 1000) }),
    ).toEqual([]);
  });

  test('only of the last 90 days, also where more is asked for, and nothing of tomorrow', async () => {
    const at = (name: string, days: number): EventInput => ({
      ...{ time: before(now, days * DAY), name, source: ORGANIZATIONS },
    });
    happened(at('too old', 90.001), at('old', 89.999), at('tomorrow', -1));
    expect(await names()).toEqual(['old']);
    expect(await names({ StartTime: before(now, 365 * DAY) })).toEqual(['old']);
    expect(await names({ EndTime: before(now, 91 * DAY) })).toEqual([]);
  });

  test('of the Region that is asked; services with one endpoint have theirs in its Region', async () => {
    happened(
      ...['us-east-1', 'eu-west-1'].map((region) => ({
        ...{ time: before(now, DAY), name: region, source: 'guardduty.amazonaws.com', region },
      })),
      { time: before(now, DAY), name: 'AttachPolicy', source: ORGANIZATIONS },
      { time: before(now, 2 * DAY), name: 'EnableOrganizationsRootSessions', source: 'iam.amazonaws.com' },
    );
    expect((await names()).sort()).toEqual(['AttachPolicy', 'EnableOrganizationsRootSessions', 'us-east-1']);
    expect(await names({}, { region: 'eu-west-1' })).toEqual(['eu-west-1']);
    expect(await names({}, { region: 'eu-west-2' })).toEqual([]);
  });

  test.each([
    ['aws-cn', 'cn-northwest-1', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1', 'us-gov-west-1'],
    ['aws-eusc', 'eusc-de-east-1', 'eusc-de-east-1'],
  ] as const)('in %s those of Organizations are in %s and those of IAM in %s', async (partition, home, iamHome) => {
    const events = [ORGANIZATIONS, 'iam.amazonaws.com'].map((source) => ({
      ...{ time: before(now, DAY), name: source, source },
    }));
    simulator.setScenario(scenarioWith({ partition, cloudtrail: { events } }));
    expect(await names({}, { region: home })).toContain(ORGANIZATIONS);
    const [found] = await lookUp(
      { LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: 'iam.amazonaws.com' }] },
      { region: iamHome },
    );
    expect(record(found ?? {})).toMatchObject({
      awsRegion: iamHome,
      userIdentity: { arn: `arn:${partition}:iam::${management}:user/simulated` },
    });
  });

  test('a scenario that puts an event of Organizations elsewhere is told so', async () => {
    happened({ time: before(now, DAY), name: 'AttachPolicy', source: ORGANIZATIONS, region: 'eu-west-1' });
    const answer = await fetch(simulator.url, {
      method: 'POST',
      headers: {
        ...signed('cloudtrail'),
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'CloudTrail_20131101.LookupEvents',
      },
      body: '{}',
    });
    expect(answer.status).toBe(500);
    expect(await answer.text()).toMatch(/organizations\.amazonaws\.com is in eu-west-1, all of them are in us-east-1/);
  });

  test('of the account that asks: what a member does is in its own history alone', async () => {
    happened(
      {
        ...{ time: before(now, DAY), name: 'LeaveOrganization', source: ORGANIZATIONS },
        who: `arn:aws:iam::${member}:root`,
      },
      { time: before(now, DAY), name: 'AttachPolicy', source: ORGANIZATIONS },
      { time: before(now, DAY), name: 'AssumeRole', source: 'sts.amazonaws.com', account: delegate },
    );
    expect(await names()).toEqual(['AttachPolicy']);
    expect(await names({}, { account: member })).toEqual(['LeaveOrganization']);
    expect(await names({}, { account: delegate })).toEqual(['AssumeRole']);
    expect(await names({}, { account: '999999999999' })).toEqual([]);
  });

  const ada = `arn:aws:iam::${management}:user/ada`;
  test.each<[LookupAttributeKey, string, string[]]>([
    ['EventName', 'AttachPolicy', ['AttachPolicy']],
    ['EventName', 'attachpolicy', []],
    ['EventSource', 'guardduty.amazonaws.com', ['EnableOrganizationAdminAccount']],
    ['EventId', '11111111-2222-3333-4444-555555555555', ['ListAccounts']],
    ['ReadOnly', 'true', ['ListAccounts']],
    ['ReadOnly', 'false', ['AttachPolicy', 'EnableOrganizationAdminAccount']],
    ['Username', 'ada', ['AttachPolicy']],
    ['ResourceName', 'p-12345678', ['AttachPolicy']],
    ['ResourceType', 'AWS::Organizations::Policy', ['AttachPolicy']],
    ['AccessKeyId', 'AKIAIOSFODNN7EXAMPLE', ['EnableOrganizationAdminAccount']],
  ])('%s %s', async (AttributeKey, AttributeValue, expected) => {
    happened(
      {
        ...{ time: before(now, DAY), name: 'AttachPolicy', source: ORGANIZATIONS, who: ada },
        resources: [
          { type: 'AWS::Organizations::Account', name: member },
          { type: 'AWS::Organizations::Policy', name: 'p-12345678' },
        ],
      },
      {
        ...{ time: before(now, 2 * DAY), name: 'EnableOrganizationAdminAccount', source: 'guardduty.amazonaws.com' },
        access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      },
      {
        ...{ time: before(now, 3 * DAY), name: 'ListAccounts', source: ORGANIZATIONS },
        id: '11111111-2222-3333-4444-555555555555',
      },
    );
    expect(await names({ LookupAttributes: [{ AttributeKey, AttributeValue }] })).toEqual(expected);
  });

  test('an attribute and a time together', async () => {
    happened(
      ...[1, 2, 3].map((days) => ({ time: before(now, days * DAY), name: 'AttachPolicy', source: ORGANIZATIONS })),
      { time: before(now, 2 * DAY), name: 'DetachPolicy', source: ORGANIZATIONS },
    );
    const found = await lookUp({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'AttachPolicy' }],
      StartTime: before(now, 2.5 * DAY),
      EndTime: before(now, 1.5 * DAY),
    });
    expect(found.map(({ EventName, EventTime }) => [EventName, EventTime])).toEqual([
      ['AttachPolicy', before(now, 2 * DAY)],
    ]);
  });

  test('no Insights events', async () => {
    happened({ time: before(now, DAY), name: 'AttachPolicy', source: ORGANIZATIONS });
    expect(await names({ EventCategory: 'insight' })).toEqual([]);
  });
});

describe('late events', () => {
  test('one of twelve minutes ago arrives between two lookups', async () => {
    const event = { time: before(now, 12 * MINUTE), name: 'DetachPolicy', source: ORGANIZATIONS };
    happened({ ...event, delivered: new Date(now + DAY) });
    expect(await names({ StartTime: before(now, 15 * MINUTE) })).toEqual([]);
    simulator.change(({ cloudtrail: { events } }) => {
      events[0] = { ...event, delivered: new Date(now) };
    });
    expect(await names({ StartTime: before(now, 15 * MINUTE) })).toEqual(['DetachPolicy']);
    expect((await lookUp())[0]?.EventTime).toEqual(event.time);
  });

  test('events_delay_seconds: what is younger is not there yet', async () => {
    const events = [4, 6].map((minutes) => ({
      ...{ time: before(now, minutes * MINUTE), name: `${minutes} minutes`, source: ORGANIZATIONS },
    }));
    const generated = { source: ORGANIZATIONS, count: 3, from: before(now, 11 * MINUTE), to: before(now, MINUTE) };
    simulator.setScenario(
      scenarioWith({
        cloudtrail: { events, events_delay_seconds: 300, generated_events: [{ ...generated, names: ['generated'] }] },
      }),
    );
    // Of the generated ones those of 6 and 11 minutes ago.
    expect((await names()).sort()).toEqual(['6 minutes', 'generated', 'generated']);
    simulator.change(({ cloudtrail }) => {
      cloudtrail.events_delay_seconds = 0;
    });
    expect(await names()).toHaveLength(5);
  });

  test('what arrives between two pages repeats nothing and loses nothing of the rest', async () => {
    const at = (name: string, minutes: number) => ({
      ...{ time: before(now, minutes * MINUTE), name, source: ORGANIZATIONS },
    });
    happened(at('third', 10), at('second', 20), at('first', 30));
    const { cloudtrail } = clients(simulator);
    const page = await cloudtrail.send(new LookupEventsCommand({ MaxResults: 1 }));
    expect(page.Events).toMatchObject([{ EventName: 'third' }]);
    simulator.change(({ cloudtrail: { events } }) => {
      events.push(at('newer', 5), at('late', 25));
    });
    const { NextToken } = page;
    const next = await cloudtrail.send(new LookupEventsCommand({ MaxResults: 1, NextToken }));
    expect(next.Events).toMatchObject([{ EventName: 'second' }]);
    const last = await cloudtrail.send(new LookupEventsCommand({ MaxResults: 1, NextToken: next.NextToken }));
    expect(last.Events).toMatchObject([{ EventName: 'late' }]);
    expect(await names()).toEqual(['newer', 'third', 'second', 'late', 'first']);
  });
});

describe('many events', () => {
  test('10,000 in one line, hundreds of them in each second, none twice and none lost', async () => {
    simulator.setScenario(
      scenarioWith({
        cloudtrail: {
          generated_events: [
            {
              ...{ source: ORGANIZATIONS, count: 10_000, from: before(now, DAY + 20_000), to: before(now, DAY) },
              names: ['ListAccounts', 'DescribeAccount', 'AttachPolicy'],
            },
            // Of another account, and of another Region.
            {
              source: ORGANIZATIONS,
              count: 9,
              from: before(now, DAY),
              to: before(now, 0),
              names: ['x'],
              account: member,
            },
            {
              ...{ source: 'macie2.amazonaws.com', count: 9, from: before(now, DAY), to: before(now, 0), names: ['x'] },
              region: 'eu-west-1',
            },
          ],
          events: [{ time: before(now, DAY + 10_000), name: 'DetachPolicy', source: ORGANIZATIONS }],
        },
      }),
    );
    const pages = await everyPage();
    expect(pages.map((page) => page.length)).toEqual([...Array.from({ length: 200 }, () => 50), 1]);
    const all = pages.flat();
    expect(new Set(all.map(({ EventId }) => EventId)).size).toBe(10_001);
    const times = all.map(({ EventTime }) => EventTime?.getTime() ?? 0);
    expect(times.every((time, index) => index === 0 || time <= (times[index - 1] ?? 0))).toBe(true);
    expect([times[0], times.at(-1)]).toEqual([before(now, DAY).getTime(), before(now, DAY + 20_000).getTime()]);
    const count = (name: string): number => all.filter(({ EventName }) => EventName === name).length;
    expect(['ListAccounts', 'DescribeAccount', 'AttachPolicy', 'DetachPolicy'].map(count)).toEqual([
      3334, 3333, 3333, 1,
    ]);
    const writes = await everyPage({ LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }] });
    expect(writes.flat()).toHaveLength(3334);
  });

  test('empty_pages: a page without events and with a token', async () => {
    simulator.setScenario(
      scenarioWith({
        empty_pages: true,
        cloudtrail: {
          events: [1, 2, 3].map((days) => ({ time: before(now, days * DAY), name: 'x', source: ORGANIZATIONS })),
        },
      }),
    );
    expect((await everyPage({ MaxResults: 1 })).map((page) => page.length)).toEqual([0, 1, 1, 0, 1]);
  });

  test('the fault repeat_token, with one page and with several', async () => {
    simulator.fault({ operation: 'cloudtrail:LookupEvents', kind: 'repeat_token' });
    happened({ time: before(now, DAY), name: 'x', source: ORGANIZATIONS });
    const { cloudtrail } = clients(simulator);
    const { NextToken } = await cloudtrail.send(new LookupEventsCommand({}));
    const second = await cloudtrail.send(new LookupEventsCommand({ NextToken }));
    expect([typeof NextToken, second.NextToken]).toEqual(['string', NextToken]);
  });
});

describe('errors', () => {
  const attribute = (AttributeKey: string, AttributeValue: string): LookupEventsCommandInput => ({
    LookupAttributes: [{ AttributeKey: AttributeKey as LookupAttributeKey, AttributeValue }],
  });
  const two = [
    ...(attribute('EventName', 'x').LookupAttributes ?? []),
    ...(attribute('EventId', 'x').LookupAttributes ?? []),
  ];
  test.each<[string, LookupEventsCommandInput, string]>([
    ['an unknown attribute', attribute('EventTime', 'x'), 'InvalidLookupAttributesException'],
    ['an empty value', attribute('EventName', ''), 'InvalidLookupAttributesException'],
    ['a value of 2001 characters', attribute('EventName', 'x'.repeat(2001)), 'InvalidLookupAttributesException'],
    ['1001 characters that count twice', attribute('EventName', '_'.repeat(1001)), 'InvalidLookupAttributesException'],
    ['two attributes', { LookupAttributes: two }, 'InvalidLookupAttributesException'],
    [
      'an attribute that Insights events do not have',
      { ...attribute('Username', 'ada'), EventCategory: 'insight' },
      'InvalidLookupAttributesException',
    ],
    ['a start after the end', { StartTime: new Date(2_000), EndTime: new Date(1_000) }, 'InvalidTimeRangeException'],
    ['no results', { MaxResults: 0 }, 'InvalidMaxResultsException'],
    ['51 results', { MaxResults: 51 }, 'InvalidMaxResultsException'],
    ['an unknown category', { EventCategory: 'data' as 'insight' }, 'InvalidEventCategoryException'],
    ['a token from nowhere', { NextToken: 'broken' }, 'InvalidNextTokenException'],
    ['an empty token', { NextToken: '' }, 'InvalidNextTokenException'],
    ['a time in words', { StartTime: { getTime: () => NaN } as Date }, 'SerializationException'],
  ])('%s', async (_, input, name) => {
    expect(await refusal(input)).toEqual([name, 400]);
  });

  test('what is just within the limits is answered', async () => {
    for (const input of [
      attribute('EventName', 'x'.repeat(2000)),
      attribute('EventName', '_'.repeat(1000)),
      { MaxResults: 50 },
      { MaxResults: 1 },
      { LookupAttributes: [] },
      { ...attribute('EventName', 'x'), EventCategory: 'insight' as const },
    ]) {
      expect(await lookUp(input)).toEqual([]);
    }
  });

  test('a token is for the same parameters, caller and Region only', async () => {
    happened(...[1, 2].map((days) => ({ time: before(now, days * DAY), name: 'AttachPolicy', source: ORGANIZATIONS })));
    const asked = { MaxResults: 1, StartTime: before(now, 3 * DAY), ...attribute('EventName', 'AttachPolicy') };
    const { NextToken } = await clients(simulator).cloudtrail.send(new LookupEventsCommand(asked));
    expect(await names({ ...asked, NextToken })).toEqual(['AttachPolicy']);
    const others: LookupEventsCommandInput[] = [
      { ...asked, ...attribute('EventName', 'DetachPolicy') },
      { ...asked, StartTime: before(now, 4 * DAY) },
      { ...asked, EndTime: before(now, 0) },
      { ...asked, EventCategory: 'insight' },
      { ...asked, MaxResults: 2 },
    ];
    for (const other of others) {
      expect(await refusal({ ...other, NextToken })).toEqual(['InvalidNextTokenException', 400]);
    }
    for (const asking of [{ account: member }, { region: 'eu-west-1' }]) {
      expect((await failure(lookUp({ ...asked, NextToken }, asking))).name).toBe('InvalidNextTokenException');
    }
  });

  test('who may not', async () => {
    simulator.change((scenario) => {
      scenario.denied.push('cloudtrail:LookupEvents');
    });
    expect(await failure(lookUp())).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('is not authorized to perform: cloudtrail:LookupEvents') as string,
    });
  });

  test('two in a second in each account and Region, and no more', async () => {
    simulator.change((scenario) => {
      // Slow enough that no token comes back while this runs.
      scenario.rates = 0.001;
    });
    const outcome = (asking: Asking = {}): Promise<string> =>
      lookUp({}, asking).then(
        () => 'answered',
        (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
      );
    const three = async (asking: Asking = {}): Promise<string[]> => [
      await outcome(asking),
      await outcome(asking),
      await outcome(asking),
    ];
    const expected = ['answered', 'answered', 'ThrottlingException: Rate exceeded'];
    expect(await three()).toEqual(expected);
    expect(await three({ region: 'eu-west-1' })).toEqual(expected);
    expect(await three({ account: member })).toEqual(expected);
    expect(await outcome()).toBe(expected[2]);
  });
});

test.each<[string, Partial<EventInput>, RegExp]>([
  ['an identity', { who: 'ada' }, /events\[0\]\.who/],
  ['a source', { source: 'organizations' }, /events\[0\]\.source/],
  ['a time', { time: 'yesterday' }, /events\[0\]\.time/],
])('a scenario with %s that is none is refused', (_, wrong, message) => {
  const right = { time: before(now, DAY), name: 'AttachPolicy', source: ORGANIZATIONS };
  expect(() => {
    happened({ ...right, ...wrong });
  }).toThrow(message);
});

test('generated events that end before they begin are refused', () => {
  const backwards = { source: ORGANIZATIONS, count: 2, names: ['x'], from: before(now, 0), to: before(now, DAY) };
  expect(() => {
    simulator.setScenario(scenarioWith({ cloudtrail: { generated_events: [backwards] } }));
  }).toThrow(/generated_events\[0\]: from is not after to/);
});

describe('the built-in scenarios', () => {
  test('demo: what the management account, another Region and a member see', async () => {
    await simulator.close();
    simulator = await startSimulator({ scenario: 'demo' });
    expect(await names()).toEqual([
      'ListAccounts',
      'DeregisterDelegatedAdministrator',
      'AttachPolicy',
      'DeregisterDelegatedAdministrator',
      'RegisterDelegatedAdministrator',
      'DetachPolicy',
      'PutResourcePolicy',
      'DisableAWSServiceAccess',
      'DeregisterDelegatedAdministrator',
      'UpdatePolicy',
      'RegisterDelegatedAdministrator',
      'EnableAWSServiceAccess',
    ]);
    const there = await lookUp({}, { region: 'eu-central-2' });
    expect(there.map(({ EventSource, EventName }) => [EventSource, EventName])).toEqual([
      ['securityhub.amazonaws.com', 'EnableOrganizationAdminAccount'],
      ['guardduty.amazonaws.com', 'EnableOrganizationAdminAccount'],
    ]);
    expect(await names({}, { region: 'eu-south-1' })).toEqual(['EnableOrganizationAdminAccount']);
    expect(await names({}, { account: '272727272727' })).toEqual(['LeaveOrganization']);
    const update = (await lookUp()).find(({ EventName }) => EventName === 'UpdatePolicy') ?? {};
    expect(record(update)).toMatchObject({
      requestParameters: { policyId: 'p-homeregions1', content: expect.stringContaining('OnlyHomeRegions') as string },
      responseElements: { policy: { policySummary: { name: 'HomeRegions', awsManaged: false } } },
    });
  });

  test('large: thousands, most of them reads', async () => {
    await simulator.close();
    simulator = await startSimulator({ accounts: 10 });
    const all = (await everyPage()).flat();
    expect(all).toHaveLength(5_000);
    expect(all.filter(({ ReadOnly }) => ReadOnly === 'false')).toHaveLength(1_000);
  });
});
