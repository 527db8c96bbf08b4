import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AwsReadError,
  certain,
  CredentialsError,
  Delegates,
  Session,
  type Access,
  type CallReport,
} from '../../src/aws/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { management, network, security } from '../support/reading.js';
import { syncFrom } from '../support/source.js';

let simulator: Simulator;
let session: Session;

beforeEach(async () => {
  simulator = await startSimulator({
    scenario: {
      name: 'delegates',
      organization: {
        management_account_id: management,
        accounts: [
          { id: management, name: 'Management' },
          { id: security, name: 'Security' },
          { id: network, name: 'Network' },
        ],
      },
    },
  });
  session = new Session({
    access: keysOf(management),
    endpoint: simulator.url,
    userAgent: 'test',
    maxRetries: 1,
    maxBackoffMs: 1,
    requestTimeoutMs: 2_000,
    concurrency: 5,
    signal: new AbortController().signal,
  });
});
afterEach(async () => {
  vi.useRealTimers();
  session.close();
  await simulator.close();
});

const keysOf = (account: string) => ({
  id: account,
  accessKeyId: `AKIA${account}`,
  secretAccessKey: 'x',
  defaultRegion: 'us-east-1',
});

const open = async (options: Partial<Delegates['options']> = {}): Promise<Delegates> =>
  Delegates.open(session, await session.whoAmI(), { lent: [], roleName: 'OrgAudit', ...options });

const assumed = (): unknown[] =>
  simulator.requests.filter(({ operation }) => operation === 'sts:AssumeRole').map(({ input }) => input);

function sessionIn(access: Access): Session {
  if (!('session' in access)) throw new Error('no session');
  return access.session;
}

/** Asks something with the session, and says as whom. */
async function askedAs(
  asking: Session,
  region = 'us-east-1',
  told: (call: CallReport) => void = () => undefined,
): Promise<string | undefined> {
  await asking.clients(region, certain, told).ec2.send(new DescribeRegionsCommand({}));
  return simulator.requests.findLast(({ operation }) => operation === 'ec2:DescribeRegions')?.account;
}

describe('the way into an account', () => {
  it('is the own session for the account that asks, and nobody is asked for it', async () => {
    const delegates = await open();
    simulator.requests.length = 0;
    expect(await delegates.accessTo(management)).toEqual({ session, calls: [] });
    expect(simulator.requests).toEqual([]);
  });

  it('is a role of that name there, with its path and external ID', async () => {
    const delegates = await open({ roleName: 'audit/OrgAudit', externalId: 'secret-handshake' });
    const access = await delegates.accessTo(security);
    expect(await askedAs(sessionIn(access))).toBe(security);
    expect(assumed()).toEqual([
      {
        RoleArn: `arn:aws:iam::${security}:role/audit/OrgAudit`,
        RoleSessionName: 'aws-delegation',
        ExternalId: 'secret-handshake',
      },
    ]);
    expect(access.calls).toMatchObject([{ operation: 'sts:AssumeRole', region: 'us-east-1', requests: 1 }]);
  });

  it('is in the partition of the account that asks', async () => {
    const identity = { ...(await session.whoAmI()), partition: 'aws-us-gov' };
    const delegates = await Delegates.open(session, identity, { lent: [], roleName: 'OrgAudit' });
    await delegates.accessTo(security);
    expect(assumed()).toMatchObject([{ RoleArn: `arn:aws-us-gov:iam::${security}:role/OrgAudit` }]);
  });

  it('is lent credentials before a role', async () => {
    const delegates = await open({ lent: [keysOf(network), keysOf(security)] });
    expect(await askedAs(sessionIn(await delegates.accessTo(security)))).toBe(security);
    expect(await askedAs(sessionIn(await delegates.accessTo(network)))).toBe(network);
    expect(assumed()).toEqual([]);
  });

  it('is none without a role, and with one that is refused, which is asked for once', async () => {
    expect(await (await open({ roleName: undefined })).accessTo(security)).toEqual({ notLent: true, calls: [] });
    simulator.fault({ operation: 'sts:AssumeRole', kind: 'deny' });
    const delegates = await open();
    for (const requests of [1, 0]) {
      const access = await delegates.accessTo(security);
      expect(access).toMatchObject({
        calls: [{ operation: 'sts:AssumeRole', requests }],
        error: { outcome: 'denied', operation: 'sts:AssumeRole', code: 'AccessDenied' },
      });
      expect(access.calls[0]?.error).toBeInstanceOf(AwsReadError);
      expect('error' in access ? access.error.message : '').toMatch(
        `role arn:aws:iam::${security}:role/OrgAudit cannot be assumed: `,
      );
    }
    expect(assumed()).toHaveLength(1);
  });

  it('is not found where STS does not answer: failed, not denied', async () => {
    simulator.fault({ operation: 'sts:AssumeRole', kind: 'html' });
    expect(await (await open()).accessTo(security)).toMatchObject({
      calls: [{ requests: 2 }],
      error: { outcome: 'failed', code: 'UnreadableAnswer' },
    });
  });

  it('is not an answer without credentials', async () => {
    const delegates = await open();
    const send = vi.spyOn(STSClient.prototype, 'send').mockResolvedValueOnce({ PackedPolicySize: 1 } as never);
    try {
      expect(await delegates.accessTo(security)).toMatchObject({
        error: { outcome: 'failed', code: 'UnreadableAnswer' },
      });
    } finally {
      send.mockRestore();
    }
  });
});

describe('an assumed role', () => {
  it('is assumed once for all who ask at once; one of them counts the request', async () => {
    const delegates = await open();
    simulator.fault({ operation: 'sts:AssumeRole', kind: 'slow', ms: 50, times: 1 });
    const all = await Promise.all(Array.from({ length: 20 }, () => delegates.accessTo(security)));
    expect(assumed()).toHaveLength(1);
    const [one, ...others] = new Set(all.map(sessionIn));
    expect(others).toEqual([]);
    if (!one) throw new Error('nobody got a session');
    expect(all.reduce((sum, { calls }) => sum + (calls[0]?.requests ?? 0), 0)).toBe(1);
    await Promise.all(['us-east-1', 'eu-west-1', 'us-west-2'].map((region) => askedAs(one, region)));
    expect(assumed()).toHaveLength(1);
  });

  it('is one for each account', async () => {
    const delegates = await open();
    const [one, other] = await Promise.all([delegates.accessTo(security), delegates.accessTo(network)]);
    expect(await askedAs(sessionIn(one))).toBe(security);
    expect(await askedAs(sessionIn(other))).toBe(network);
    expect(assumed()).toHaveLength(2);
  });

  it('is assumed again five minutes before it ends, once for all services and Regions', async () => {
    const access = sessionIn(await (await open()).accessTo(security));
    vi.useFakeTimers({ toFake: ['Date'] });
    const start = Date.now();
    vi.setSystemTime(start + 54 * 60_000);
    await askedAs(access);
    expect(assumed()).toHaveLength(1);
    vi.setSystemTime(start + 56 * 60_000);
    expect(await Promise.all(['us-east-1', 'eu-west-1', 'us-west-2'].map((region) => askedAs(access, region)))).toEqual(
      [security, security, security],
    );
    expect(assumed()).toHaveLength(2);
    vi.setSystemTime(start + 120 * 60_000);
    await askedAs(access);
    expect(assumed()).toHaveLength(3);
  });

  it('is renewed also where every turn is taken by a request that waits for it', async () => {
    const access = sessionIn(await (await open()).accessTo(security));
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 56 * 60_000);
    const regions = ['us-east-1', 'eu-west-1', 'us-west-2', 'eu-west-2', 'eu-west-3', 'eu-north-1', 'sa-east-1'];
    expect(regions.length).toBeGreaterThan(session.options.concurrency);
    const tries: number[] = [];
    const told = ({ requests }: CallReport): void => void tries.push(requests);
    await Promise.all(regions.map((region) => askedAs(access, region, told)));
    // A request that waited in vain would have been sent again after its time-out.
    expect(tries).toEqual(regions.map(() => 1));
    expect(assumed()).toHaveLength(2);
  });

  it('that is refused when it is renewed is denied, and named', async () => {
    const access = sessionIn(await (await open()).accessTo(security));
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 60 * 60_000);
    const fault = simulator.fault({ operation: 'sts:AssumeRole', kind: 'deny' });
    await expect(askedAs(access)).rejects.toMatchObject({
      outcome: 'denied',
      operation: 'ec2:DescribeRegions',
      code: 'AccessDenied',
    });
    await expect(askedAs(access)).rejects.toThrow(`role arn:aws:iam::${security}:role/OrgAudit cannot be assumed`);
    fault.remove();
    expect(await askedAs(access)).toBe(security);
  });
});

describe('lent credentials that are none', () => {
  it.each([
    ['a profile that is not there', { id: 'audit', local_profile: 'nobody' }, /account 'audit' \(profile 'nobody'\)/],
    [
      'a role that cannot be assumed',
      { id: 'audit', access_key_id: 'AKIATEST', secret_access_key: 'x', role_arn: 'arn:aws:iam::999999999999:role/x' },
      /account 'audit'.*Allow sts:AssumeRole on arn:aws:iam::999999999999:role\/x/s,
    ],
  ])('%s: told before anything is read', async (_what, lent, message) => {
    const asking = { id: 'management', access_key_id: `AKIA${management}`, secret_access_key: 'x' };
    const sync = syncFrom(simulator, { spec: { accounts: [asking, lent] } });
    await expect(sync).rejects.toThrow(CredentialsError);
    await expect(sync).rejects.toThrow(message);
    expect(new Set(simulator.requests.map(({ service }) => service))).toEqual(new Set(['sts']));
  });

  it('keys that AWS does not know', async () => {
    const deny = {
      operation: 'sts:GetCallerIdentity',
      kind: 'error',
      code: 'InvalidClientTokenId',
      status: 403,
    } as const;
    simulator.fault({ ...deny, account: security });
    await expect(open({ lent: [keysOf(security)] })).rejects.toThrow(
      /sts:GetCallerIdentity in us-east-1 for account '222222222222'.*InvalidClientTokenId.*Check the credentials/s,
    );
  });
});
