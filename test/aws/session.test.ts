import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { certain, Session, type AccountAccess, type CallReport } from '../../src/aws/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';

let simulator: Simulator;
let home: string;

beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'minimal' });
  home = mkdtempSync(join(tmpdir(), 'aws-home-'));
  // No credential of the person who runs the tests may be used, or be needed.
  for (const name of Object.keys(process.env).filter((each) => each.startsWith('AWS_'))) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_CONFIG_FILE', join(home, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, 'credentials'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
  await simulator.close();
});

function sessionOf(access: Partial<AccountAccess> = {}, endpoint: string | undefined = simulator.url): Session {
  return new Session({
    access: { id: 'management', defaultRegion: 'us-east-1', ...access },
    endpoint,
    userAgent: 'test',
    maxRetries: 1,
    maxBackoffMs: 1,
    requestTimeoutMs: 2_000,
    concurrency: 2,
    signal: new AbortController().signal,
  });
}

async function whoAmI(...place: Parameters<typeof sessionOf>): Promise<string> {
  const session = sessionOf(...place);
  try {
    return (await session.whoAmI()).accountId;
  } finally {
    session.close();
  }
}

describe('credentials', () => {
  it('come from keys in the spec', async () => {
    expect(await whoAmI({ accessKeyId: 'AKIA222222222222', secretAccessKey: 'x' })).toBe('222222222222');
  });

  it('do not need a Region, not even where the environment names none by an empty text', async () => {
    vi.stubEnv('AWS_REGION', '');
    const access = { accessKeyId: 'AKIA222222222222', secretAccessKey: 'x', defaultRegion: undefined };
    expect(await whoAmI(access)).toBe('222222222222');
  });

  it('come from the standard chain', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIA333333333333');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
    expect(await whoAmI()).toBe('333333333333');
  });

  it('come from a profile', async () => {
    writeFileSync(
      join(home, 'credentials'),
      '[audit]\naws_access_key_id = AKIA222222222222\naws_secret_access_key = x\n',
    );
    expect(await whoAmI({ localProfile: 'audit' })).toBe('222222222222');
  });

  it('find the endpoint in AWS_ENDPOINT_URL', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', simulator.url);
    expect(await whoAmI({ accessKeyId: 'AKIA222222222222', secretAccessKey: 'x' }, undefined)).toBe('222222222222');
  });

  it('assume a role, with the external id', async () => {
    const arn = 'arn:aws:iam::222222222222:role/Audit';
    simulator.change((scenario) => {
      scenario.roles = [{ arn, external_id: 'right', denied: [] }];
    });
    const keys = { accessKeyId: 'AKIATEST', secretAccessKey: 'x', roleArn: arn };
    expect(await whoAmI({ ...keys, externalId: 'right' })).toBe('222222222222');
    await expect(whoAmI({ ...keys, externalId: 'wrong' })).rejects.toThrow(
      `Allow sts:AssumeRole on ${arn}, and let its trust policy name the caller and this external id.`,
    );
  });
});

describe('an assumed role', () => {
  const arn = 'arn:aws:iam::222222222222:role/Audit';
  const assumed = (): number => simulator.requests.filter(({ operation }) => operation === 'sts:AssumeRole').length;
  let session: Session;
  beforeEach(() => {
    simulator.change((scenario) => {
      scenario.roles = [{ arn, denied: [] }];
    });
    session = sessionOf({ accessKeyId: 'AKIATEST', secretAccessKey: 'x', roleArn: arn });
  });
  afterEach(() => {
    session.close();
  });

  it('is assumed once for all services and Regions', async () => {
    await session.whoAmI();
    await Promise.all(
      ['us-east-1', 'us-west-2', 'eu-west-1'].map((region) =>
        session.clients(region, certain, () => undefined).ec2.send(new DescribeRegionsCommand({})),
      ),
    );
    expect(assumed()).toBe(1);
  });

  it('that was refused is asked for again', async () => {
    simulator.fault({ operation: 'sts:AssumeRole', kind: 'deny', times: 1 });
    await expect(session.whoAmI()).rejects.toThrow('Allow sts:AssumeRole');
    expect((await session.whoAmI()).accountId).toBe('222222222222');
  });
});

describe('credentials that AWS calls expired', () => {
  /** Two requests at once, in two Regions. */
  async function ask(session: Session, report: (call: CallReport) => void = () => undefined): Promise<void> {
    await Promise.all(
      ['us-east-1', 'us-west-2'].map((region) =>
        session.clients(region, certain, report).ec2.send(new DescribeRegionsCommand({})),
      ),
    );
  }

  /** A profile whose process hands out another key each time, and fails from the third time on. */
  function withProcess(): Session {
    const script = join(home, 'keys.sh');
    writeFileSync(
      script,
      `echo run >> "${home}/runs"
count=$(wc -l < "${home}/runs")
if [ "$count" -gt 2 ]; then echo "the vault is locked" >&2; exit 1; fi
echo "{\\"Version\\": 1, \\"AccessKeyId\\": \\"AKIA222222222222K$((count))\\", \\"SecretAccessKey\\": \\"x\\"}"
`,
    );
    writeFileSync(join(home, 'config'), `[profile vault]\ncredential_process = sh ${script}\n`);
    return sessionOf({ localProfile: 'vault' });
  }
  const runs = (): number => readFileSync(join(home, 'runs'), 'utf8').split('\n').length - 1;

  it('are got again from a process, once for all requests, and it is told what it took', async () => {
    const session = withProcess();
    const calls: CallReport[] = [];
    const fault = simulator.fault({ operation: 'ec2:*', kind: 'expired_credentials', times: 2 });
    await ask(session, (call) => calls.push(call));
    expect(fault.hits).toBe(2);
    expect(runs()).toBe(2);
    expect(calls.map(({ requests, error }) => [requests, error])).toEqual(Array(2).fill([2, undefined]));
    session.close();
  });

  it('that cannot be got again: failed, with what the process said', async () => {
    const session = withProcess();
    await ask(session);
    const fault = simulator.fault({ operation: 'ec2:*', kind: 'expired_credentials' });
    await expect(ask(session)).rejects.toMatchObject({ outcome: 'failed', operation: 'ec2:DescribeRegions' });
    expect(runs()).toBeGreaterThan(2);
    fault.remove();
    await expect(ask(session)).rejects.toThrow(
      /credentials of account 'management' \(profile 'vault'\): the credential_process of the profile failed/,
    );
    session.close();
  });

  it('are read again from the file, which a tool may have written meanwhile', async () => {
    const write = (key: string): void => {
      writeFileSync(join(home, 'credentials'), `[audit]\naws_access_key_id = ${key}\naws_secret_access_key = x\n`);
    };
    write('AKIA222222222222OLD');
    const session = sessionOf({ localProfile: 'audit' });
    await ask(session);
    write('AKIA222222222222NEW');
    simulator.fault({ operation: 'ec2:*', kind: 'expired_credentials', times: 1 });
    await ask(session);
    expect((await session.whoAmI()).accountId).toBe('222222222222');
    session.close();
  });

  it('are not asked for again where there are no others: keys in the spec', async () => {
    const session = sessionOf({ accessKeyId: 'AKIATEST', secretAccessKey: 'x' });
    simulator.fault({ operation: 'ec2:*', kind: 'expired_credentials' });
    const client = session.clients('us-east-1', certain, () => undefined).ec2;
    await expect(client.send(new DescribeRegionsCommand({}))).rejects.toMatchObject({
      ...{ outcome: 'failed', code: 'RequestExpired', message: 'Request has expired.' },
    });
    expect(simulator.requests).toHaveLength(1);
    session.close();
  });

  it('and always will: no endless loop', async () => {
    const arn = 'arn:aws:iam::222222222222:role/Audit';
    const session = sessionOf({ accessKeyId: 'AKIATEST', secretAccessKey: 'x', roleArn: arn });
    simulator.fault({ operation: 'ec2:*', kind: 'expired_credentials' });
    const client = session.clients('us-east-1', certain, () => undefined).ec2;
    await expect(client.send(new DescribeRegionsCommand({}))).rejects.toMatchObject({ code: 'RequestExpired' });
    expect(simulator.requests.filter(({ operation }) => operation === 'sts:AssumeRole')).toHaveLength(4);
    session.close();
  });
});

describe('credentials that are not there', () => {
  it('say so, and where they can come from', async () => {
    await expect(whoAmI()).rejects.toThrow(/credentials of account 'management'.*Set AWS_PROFILE/s);
  });

  it('a profile that does not exist is named', async () => {
    await expect(whoAmI({ localProfile: 'nobody' })).rejects.toThrow(/profile 'nobody'.*~\/\.aws\/config/s);
  });

  it('an expired login of IAM Identity Center says which command to run', async () => {
    writeFileSync(
      join(home, 'config'),
      '[profile sso]\nsso_session = corp\nsso_account_id = 222222222222\nsso_role_name = Audit\n' +
        '[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://example.awsapps.com/start\n',
    );
    await expect(whoAmI({ localProfile: 'sso' })).rejects.toThrow('Run: aws sso login --profile sso');
  });

  it('an endpoint that nobody listens on is named, and no secret is', async () => {
    const access = { accessKeyId: 'AKIATEST', secretAccessKey: 'hunter2' };
    const refused = whoAmI(access, 'http://127.0.0.1:9');
    await expect(refused).rejects.toThrow(/sts:GetCallerIdentity in us-east-1.*ECONNREFUSED.*endpoint/s);
    await expect(refused).rejects.not.toThrow('hunter2');
  });
});

describe('what AWS and the SDK quote', () => {
  const keys = {
    accessKeyId: 'AKIAHUNTER2HUNTER2AB',
    secretAccessKey: 'hunter2/OfTheKeys+0123456789abcdefghijkl',
    sessionToken: 'hunter2OfTheToken=='.repeat(20),
  };

  it('of our own credentials is hidden, also where the message is cut', async () => {
    for (const quoted of [
      `'${keys.accessKeyId}' is not a valid key=value pair in Authorization header`,
      `x-amz-security-token:${keys.sessionToken}`,
      `${'.'.repeat(490)}${keys.secretAccessKey}`,
      `of somebody else: AKIAIOSFODNN7EXAMPLE eyJhbGciOiJIUzI1.eyJodW50ZXIy.hunter2`,
    ]) {
      const fault = simulator.fault({
        operation: 'sts:*',
        kind: 'error',
        code: 'Refused',
        message: quoted,
        status: 403,
      });
      const refused = whoAmI(keys);
      await expect(refused).rejects.toThrow('(hidden)');
      await expect(refused).rejects.not.toThrow(/hunter2|HUNTER2|IOSFODNN7|eyJ/);
      fault.remove();
    }
  });

  it('of a role that cannot be assumed is hidden as well', async () => {
    simulator.fault({ operation: 'sts:AssumeRole', kind: 'error', code: 'Refused', message: `${keys.accessKeyId}?` });
    const refused = whoAmI({ ...keys, roleArn: 'arn:aws:iam::222222222222:role/Audit' });
    await expect(refused).rejects.toThrow("credentials of account 'management': (hidden)? (Refused)");
  });

  it('of the command of a credential_process is left out', async () => {
    const failing = 'sh -c "exit 7" --password hunter2OfTheCommand';
    writeFileSync(join(home, 'config'), `[profile process]\ncredential_process = ${failing}\n`);
    const refused = whoAmI({ localProfile: 'process' });
    await expect(refused).rejects.toThrow(
      "credentials of account 'management' (profile 'process'): the credential_process of the profile failed (",
    );
    await expect(refused).rejects.not.toThrow('hunter2');
    writeFileSync(join(home, 'config'), '[profile process]\ncredential_process = echo hunter2\n');
    await expect(whoAmI({ localProfile: 'process' })).rejects.not.toThrow('hunter2');
  });
});
