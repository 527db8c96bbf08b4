import { createHash } from 'node:crypto';
import type { Output } from '../call.js';
import { uuidOf } from '../uuid.js';
import type { Entry } from './cloudtrail_history.js';

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
export function identityOf({ time, account, fields }: Entry, partition: string): Identity {
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

export function isReadOnly({ name, fields }: Entry): boolean {
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

export function showEvent(entry: Entry, partition: string): Output {
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
