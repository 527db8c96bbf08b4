import { ListOrganizationAdminAccountsCommand } from '@aws-sdk/client-guardduty';
import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListAccountsCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { Latencies } from '../../src/simulator/latency.js';
import { clients, failure, MANAGEMENT, signed } from './clients.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
});
afterEach(() => simulator.close());

/** A request without an SDK, which shows the headers and the body as they are. */
function ask(operation: string): Promise<Response> {
  return fetch(simulator.url, {
    method: 'POST',
    headers: {
      ...signed('organizations'),
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSOrganizationsV20161128.${operation}`,
    },
    body: '{}',
  });
}

describe('the body', () => {
  test('drip: in pieces, over a given time, and whole', async () => {
    const calm = await (await ask('ListAccounts')).text();
    simulator.fault({ operation: 'organizations:ListAccounts', kind: 'drip', ms: 400 });
    const started = performance.now();
    const response = await ask('ListAccounts');
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body ?? []) pieces.push(piece);
    expect(performance.now() - started).toBeGreaterThan(300);
    expect(pieces.length).toBeGreaterThan(3);
    expect(Buffer.concat(pieces).toString()).toBe(calm);
    expect(response.headers.get('content-length')).toBe(String(calm.length));
    const { Accounts } = await clients(simulator).organizations.send(new ListAccountsCommand({}));
    expect(Accounts).toHaveLength(20);
  });

  test('endless_drip: no end, until the client gives up', async () => {
    simulator.fault({ operation: 'organizations:ListRoots', kind: 'endless_drip', ms: 5 });
    const gone = new AbortController();
    const response = await ask('ListRoots');
    const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
    let text = '';
    while (!text.endsWith('}   ')) text += Buffer.from((await reader.read()).value ?? []).toString();
    expect(JSON.parse(text)).toMatchObject({ Roots: [{ Id: 'r-exam' }] });
    await reader.cancel();
    const answer = failure(
      clients(simulator).organizations.send(new ListRootsCommand({}), { abortSignal: gone.signal }),
    );
    await expect.poll(() => simulator.requests.at(-1)?.status).toBe(200);
    gone.abort();
    expect((await answer).name).toBe('AbortError');
  });

  test('wrong_type: the right body under another name', async () => {
    const calm = await (await ask('ListRoots')).text();
    simulator.fault({ operation: 'organizations:ListRoots', kind: 'wrong_type', times: 1 });
    const page = await ask('ListRoots');
    expect([page.headers.get('content-type'), await page.text()]).toEqual(['text/html; charset=utf-8', calm]);
    simulator.fault({ operation: '*', kind: 'wrong_type', content_type: 'application/octet-stream', times: 1 });
    expect((await ask('ListRoots')).headers.get('content-type')).toBe('application/octet-stream');
    expect((await ask('ListRoots')).headers.get('content-type')).toBe('application/x-amz-json-1.1');
  });

  test('other_protocol: XML for JSON, and JSON for XML', async () => {
    simulator.fault({ operation: '*', kind: 'other_protocol' });
    const page = await ask('ListRoots');
    expect(page.headers.get('content-type')).toBe('text/xml;charset=UTF-8');
    expect(await page.text()).toMatch(/^<ListRootsResponse .*<Id>r-exam<\/Id>/);
    const { organizations, guardduty, sts, ec2 } = clients(simulator);
    expect((await failure(organizations.send(new ListRootsCommand({})))).name).toBe('SyntaxError');
    expect((await failure(guardduty.send(new ListOrganizationAdminAccountsCommand({})))).name).toBe('SyntaxError');
    expect((await failure(sts.send(new GetCallerIdentityCommand({})))).name).toBe('Error');
    expect((await failure(ec2.send(new DescribeRegionsCommand({})))).name).toBe('Error');
  });
});

describe('clock_skew', () => {
  const patient = () =>
    new OrganizationsClient({
      endpoint: simulator.url,
      region: 'us-east-1',
      maxAttempts: 2,
      credentials: { accessKeyId: `AKIA${MANAGEMENT}TEST`, secretAccessKey: 'any' },
    });

  test.each([
    ['ahead', 20, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/],
    [
      'behind',
      -20,
      /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)$/,
    ],
  ])('%s: refused, and accepted once the SDK has corrected its clock', async (_where, minutes, message) => {
    const fault = simulator.fault({ operation: '*', kind: 'clock_skew', minutes });
    expect(await failure(clients(simulator).organizations.send(new ListRootsCommand({})))).toMatchObject({
      name: 'InvalidSignatureException',
      status: 400,
      message: expect.stringMatching(message) as string,
    });
    const client = patient();
    expect((await client.send(new ListRootsCommand({}))).Roots).toHaveLength(1);
    expect((await client.send(new ListAccountsCommand({}))).Accounts).toHaveLength(20);
    // Two clients were refused once each; neither was refused a second time.
    expect(fault.hits).toBe(2);
  });

  test('a little is no matter, and the Date header shows it', async () => {
    const fault = simulator.fault({ operation: '*', kind: 'clock_skew', minutes: 4 });
    await clients(simulator).organizations.send(new ListRootsCommand({}));
    const ahead = Date.parse((await ask('ListRoots')).headers.get('date') ?? '') - Date.now();
    expect(Math.round(ahead / 60_000)).toBe(4);
    expect(fault.hits).toBe(0);
  });

  test.each([
    ['guardduty', 'InvalidSignatureException', 403],
    ['sts', 'SignatureDoesNotMatch', 403],
    ['iam', 'SignatureDoesNotMatch', 403],
    ['ec2', 'RequestExpired', 400],
  ] as const)('in the words of %s', async (service, name, status) => {
    simulator.fault({ operation: '*', kind: 'clock_skew' });
    expect(await failure(send(service))).toMatchObject({ name, status });
  });
});

function send(service: 'organizations' | 'guardduty' | 'sts' | 'iam' | 'ec2'): Promise<unknown> {
  const { organizations, guardduty, sts, iam, ec2 } = clients(simulator);
  switch (service) {
    case 'organizations':
      return organizations.send(new ListRootsCommand({}));
    case 'guardduty':
      return guardduty.send(new ListOrganizationAdminAccountsCommand({}));
    case 'sts':
      return sts.send(new GetCallerIdentityCommand({}));
    case 'iam':
      return iam.send(new ListRolesCommand({}));
    case 'ec2':
      return ec2.send(new DescribeRegionsCommand({}));
  }
}

describe('credentials that expire', () => {
  test.each([
    ['organizations', 'ExpiredTokenException', 400],
    ['guardduty', 'ExpiredTokenException', 403],
    ['sts', 'ExpiredToken', 403],
    ['iam', 'ExpiredToken', 403],
    ['ec2', 'RequestExpired', 400],
  ] as const)('in the words of %s', async (service, name, status) => {
    simulator.fault({ operation: '*', kind: 'expired_credentials' });
    expect(await failure(send(service))).toMatchObject({ name, status });
  });

  test('each key is good for so many requests, and another key after it for as many', async () => {
    simulator.fault({ operation: 'organizations:*', kind: 'expired_credentials', uses: 2 });
    const use = async (key: string): Promise<string> => {
      const credentials = { accessKeyId: `AKIA${MANAGEMENT}${key}`, secretAccessKey: 'any' };
      const { organizations } = clients(simulator, { credentials });
      return organizations.send(new DescribeOrganizationCommand({})).then(
        () => 'ok',
        (error: unknown) => (error as Error).name,
      );
    };
    const told = [];
    for (const key of ['ONE', 'ONE', 'ONE', 'ONE', 'TWO', 'TWO', 'TWO']) told.push(await use(key));
    const expired = 'ExpiredTokenException';
    expect(told).toEqual(['ok', 'ok', expired, expired, 'ok', 'ok', expired]);
  });

  test('after so long', async () => {
    simulator.fault({ operation: 'organizations:*', kind: 'expired_credentials', ms: 200 });
    const use = (): Promise<string> =>
      send('organizations').then(
        () => 'ok',
        (error: unknown) => (error as Error).name,
      );
    expect(await use()).toBe('ok');
    await expect.poll(use, { timeout: 5_000, interval: 50 }).toBe('ExpiredTokenException');
  });

  test('an assumed role says when it ends, and ends then; assumed again it is good again', async () => {
    simulator.change((scenario) => {
      scenario.session_seconds = 0.3;
    });
    const assume = async () => {
      const answer = await clients(simulator).sts.send(
        new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${MANAGEMENT}:role/Audit`, RoleSessionName: 'test' }),
      );
      const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = answer.Credentials ?? {};
      const sessionToken = answer.Credentials?.SessionToken ?? '';
      expect((answer.Credentials?.Expiration?.getTime() ?? 0) - Date.now()).toBeLessThan(2_000);
      const { organizations } = clients(simulator, { credentials: { accessKeyId, secretAccessKey, sessionToken } });
      return (): Promise<string> =>
        organizations.send(new ListRootsCommand({})).then(
          () => 'ok',
          (error: unknown) => (error as Error).name,
        );
    };
    const use = await assume();
    expect(await use()).toBe('ok');
    await expect.poll(use, { timeout: 5_000, interval: 50 }).toBe('ExpiredTokenException');
    expect(await (await assume())()).toBe('ok');
  });
});

describe('by chance', () => {
  const policyIds = (): string[] => (simulator.scenario.organization?.policies ?? []).map(({ id }) => id);

  /** How each of many requests ended, in an order that they were not sent in. */
  async function results(order: (ids: string[]) => string[]): Promise<Record<string, string>> {
    const { organizations } = clients(simulator);
    const ended = await Promise.all(
      order([...policyIds()]).map(async (PolicyId) => {
        const names = [];
        for (let attempt = 0; attempt < 4; attempt += 1) {
          names.push(
            await organizations.send(new DescribePolicyCommand({ PolicyId })).then(
              () => '-',
              () => 'x',
            ),
          );
        }
        return [PolicyId, names.join('')] as const;
      }),
    );
    return Object.fromEntries(ended);
  }

  const once = async (
    fault: { share?: number; seed?: number; times_each?: number },
    order = (ids: string[]) => ids,
  ) => {
    const handle = simulator.fault({ operation: 'organizations:DescribePolicy', kind: 'throttle', ...fault });
    const ended = await results(order);
    handle.remove();
    return { ended, hits: handle.hits };
  };

  test('the same seed hits the same requests, in whatever order they come; another seed hits others', async () => {
    const first = await once({ share: 0.3, seed: 7 });
    const second = await once({ share: 0.3, seed: 7 }, (ids) => ids.reverse());
    const other = await once({ share: 0.3, seed: 8 });
    expect(second).toEqual(first);
    expect(other.ended).not.toEqual(first.ended);
    const asked = policyIds().length * 4;
    expect(first.hits / asked).toBeGreaterThan(0.1);
    expect(first.hits / asked).toBeLessThan(0.5);
    // Also after the first try of a request, and not each time for the same one.
    expect(new Set(Object.values(first.ended)).size).toBeGreaterThan(4);
  });

  test('the seed of the scenario is that of every fault that has none', async () => {
    const first = await once({ share: 0.3 });
    simulator.change((scenario) => {
      scenario.seed = 2;
    });
    const other = await once({ share: 0.3 });
    expect(other.ended).not.toEqual(first.ended);
    expect((await once({ share: 0.3, seed: 1 })).ended).toEqual(first.ended);
  });

  test('times_each: so often for each request', async () => {
    const { ended } = await once({ times_each: 2 });
    expect(new Set(Object.values(ended))).toEqual(new Set(['xx--']));
  });
});

describe('latency', () => {
  const draw = (seed: number, requests: readonly number[]): Map<number, number> => {
    const latencies = new Latencies();
    const scenario = { ...simulator.scenario, seed, latency_ms: { median: 20, p99: 200 } };
    return new Map(requests.map((request) => [request, latencies.next(scenario, 'ListRoots', request)]));
  };
  const requests = Array.from({ length: 2_000 }, (_, index) => index);

  test('half below the median, one in a hundred above p99, and the same again with the same seed in any order', () => {
    const drawn = draw(1, requests);
    const above = (ms: number): number => [...drawn.values()].filter((time) => time > ms).length / drawn.size;
    expect(above(20)).toBeCloseTo(0.5, 1);
    expect(above(200)).toBeGreaterThan(0.002);
    expect(above(200)).toBeLessThan(0.025);
    expect(new Map([...draw(1, [...requests].reverse())].reverse())).toEqual(drawn);
    expect(draw(2, requests)).not.toEqual(drawn);
  });

  test('the answer takes that long', async () => {
    simulator.change((scenario) => {
      scenario.latency_ms = { median: 60, p99: 60 };
    });
    const started = performance.now();
    await ask('ListRoots');
    expect(performance.now() - started).toBeGreaterThan(50);
  });
});
