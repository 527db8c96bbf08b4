import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { signed } from './clients.js';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ scenario: 'minimal' });
});
afterAll(() => simulator.close());

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly errorType: string | null;
  readonly requestId: string | null;
  readonly body: string;
}

async function ask(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(`${simulator.url}${path}`, init);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    errorType: response.headers.get('x-amzn-errortype'),
    requestId: response.headers.get('x-amzn-requestid'),
    body: await response.text(),
  };
}

function organizations(operation: string, body: string, headers: Record<string, string> = signed('organizations')) {
  return ask('/', {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSOrganizationsV20161128.${operation}`,
    },
    body,
  });
}

function query(service: string, body: string, headers: Record<string, string> = signed(service)) {
  return ask('/', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
}

test('JSON 1.1: times are seconds, errors have __type and Message', async () => {
  const fine = await organizations('ListAccounts', '{"MaxResults": 1}');
  expect(fine).toMatchObject({ status: 200, type: 'application/x-amz-json-1.1' });
  expect(fine.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.parse(fine.body)).toMatchObject({ Accounts: [{ JoinedTimestamp: 1705311000 }] });

  const error = await organizations('DescribePolicy', '{"PolicyId": "p-00000000"}');
  expect(error).toMatchObject({ status: 400, errorType: null });
  expect(JSON.parse(error.body)).toEqual({
    __type: 'PolicyNotFoundException',
    Message: "We can't find a policy with the PolicyId that you specified.",
  });
});

test('JSON 1.1: what is no operation, no JSON, of a wrong type, or not signed', async () => {
  const code = async (answer: Promise<Answer>) => {
    const { status, body } = await answer;
    return [status, (JSON.parse(body) as { __type: string }).__type];
  };
  expect(await code(organizations('ListEverything', '{}'))).toEqual([400, 'UnknownOperationException']);
  // In the model, but this simulator does not write.
  expect(await code(organizations('LeaveOrganization', '{}'))).toEqual([400, 'UnknownOperationException']);
  expect(await code(organizations('ListAccounts', '{"MaxResults":'))).toEqual([400, 'SerializationException']);
  expect(await code(organizations('ListAccounts', '[]'))).toEqual([400, 'SerializationException']);
  expect(await code(organizations('ListAccounts', '{"MaxResults":"3"}'))).toEqual([400, 'SerializationException']);
  expect(await code(organizations('ListAccounts', '{}', {}))).toEqual([400, 'MissingAuthenticationTokenException']);
  const unknown = await ask('/', { headers: signed('nosuchservice') });
  expect(unknown.status).toBe(400);
  expect(unknown.body).toContain('no service nosuchservice');
});

test('REST: members start small, the error name is in the header and a finer type in the body', async () => {
  const fine = await ask('/admin?maxResults=5', { headers: signed('guardduty') });
  expect(fine).toMatchObject({ status: 200, type: 'application/json' });
  expect(JSON.parse(fine.body)).toEqual({
    adminAccounts: [{ adminAccountId: '222222222222', adminStatus: 'ENABLED' }],
  });
  const error = await ask('/admin?maxResults=0', { headers: signed('guardduty') });
  expect(error).toMatchObject({ status: 400, errorType: 'BadRequestException' });
  expect(JSON.parse(error.body)).toEqual({
    __type: 'InvalidInputException',
    message: 'The request is rejected because an invalid or out-of-range value is specified as an input parameter.',
  });
  expect((await ask('/nowhere', { headers: signed('guardduty') })).status).toBe(404);
});

test('query: XML with a result, an ErrorResponse for errors', async () => {
  const fine = await query('sts', 'Action=GetCallerIdentity&Version=2011-06-15');
  expect(fine.type).toContain('text/xml');
  expect(fine.body).toMatch(
    /^<GetCallerIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user\/simulated<\/Arn>/,
  );
  const wrongVersion = await query('sts', 'Action=GetCallerIdentity&Version=2010-01-01');
  expect(wrongVersion.status).toBe(400);
  expect(wrongVersion.body).toContain('<Error><Type>Sender</Type><Code>InvalidAction</Code>');
  const escaped = await query('sts', 'Action=AssumeRole&Version=2011-06-15&RoleSessionName=%3Ca%26b%3E&RoleArn=x');
  expect(escaped.body).toContain('<Code>ValidationError</Code>');
  expect((await query('sts', 'Action=GetCallerIdentity&Version=2011-06-15', {})).body).toContain(
    '<Code>MissingAuthenticationToken</Code>',
  );
});

test('EC2: XML lists of items, errors in Response', async () => {
  const fine = await query('ec2', 'Action=DescribeRegions&Version=2016-11-15&RegionName.1=us-east-1');
  expect(fine.body).toContain(
    '<regionInfo><item><optInStatus>opt-in-not-required</optInStatus><geographySet><item><name>United States of America</name></item></geographySet><regionName>us-east-1</regionName><regionEndpoint>ec2.us-east-1.amazonaws.com</regionEndpoint></item></regionInfo>',
  );
  const error = await query('ec2', 'Action=DescribeVpcs&Version=2016-11-15');
  expect(error).toMatchObject({ status: 400 });
  expect(error.body).toContain('<Response><Errors><Error><Code>InvalidAction</Code>');
});

test('a person who opens the address is told what it is', async () => {
  const { status, body } = await ask('/', {});
  expect(status).toBe(200);
  expect(body).toContain('scenario minimal');
});
