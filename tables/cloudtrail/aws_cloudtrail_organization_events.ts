import { paginateLookupEvents as paginate, type Event } from '@aws-sdk/client-cloudtrail';
import { boolean, defineTable, json, parseJson, text, timestamp, type ReadContext } from '../../src/schema/index.js';
import { changeMakers, managementAccountOf } from './change_makers.js';
import { changesIn } from './organization_changes.js';
import { Progress } from './progress.js';

interface OrganizationEvent extends Omit<Event, 'ReadOnly' | 'CloudTrailEvent'> {
  ReadOnly: boolean | undefined;
  CloudTrailEvent: unknown;
  userIdentity: unknown;
  sourceIPAddress: string | undefined;
  userAgent: string | undefined;
  errorCode: string | undefined;
  errorMessage: string | undefined;
  requestParameters: unknown;
  responseElements: unknown;
}

/** Rates allow two requests per second in each Region, so events are looked up by name: reads would drown the changes. */
export const cloudtrailOrganizationEvents = defineTable<OrganizationEvent>()({
  name: 'aws_cloudtrail_organization_events',
  description:
    'Who changed the organization, its policies, or who administers what: events of the last `lookback_days` (90 at most), refused attempts included.',
  source: 'https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html',
  permissions: ['cloudtrail:LookupEvents'],
  regionalService: 'cloudtrail',
  delegates: {
    accounts: changeMakers,
    isManagementAccountAsked: true,
    fewestRequests: (place) => changesIn({ ...place, isManagementAccount: true }).size,
    column: 'recipient_account_id',
    description: 'Account ID in whose event history it is: the account that acted.',
  },
  isIncremental: true,
  primaryKey: ['account_id', 'region', 'event_id'],
  columns: {
    event_id: text('EventId', 'ID of the event.'),
    event_time: timestamp('EventTime', 'When it happened, in UTC.'),
    event_name: text('EventName', 'The operation, such as RegisterDelegatedAdministrator.'),
    event_source: text('EventSource', 'The service, such as organizations.amazonaws.com.'),
    read_only: boolean('ReadOnly', 'False for what changes something.'),
    username: text('Username', 'User, role session or service that asked.'),
    access_key_id: text('AccessKeyId', 'Access key that signed the request.'),
    user_identity: json('userIdentity', 'Who asked, as {"type", "arn", "accountId", "sessionContext", ...}.'),
    source_ip_address: text('sourceIPAddress', 'Address, or AWS service, that the request came from.'),
    user_agent: text('userAgent', 'Tool that sent it.'),
    error_code: text('errorCode', 'Why AWS refused it; null for what was done.'),
    error_message: text('errorMessage', 'What AWS said when it refused.'),
    request_parameters: json('requestParameters', 'What was asked for.'),
    response_elements: json('responseElements', 'What came of it.'),
    resources: json('Resources', 'What it was about, as [{"ResourceType", "ResourceName"}].'),
    cloud_trail_event: json('CloudTrailEvent', 'The whole record.'),
  },
  async *list(context) {
    const progress = new Progress(context);
    const isManagementAccount = context.askedAccountId === (await managementAccountOf(context));
    for (const [name, sources] of changesIn({ ...context, isManagementAccount })) {
      const stretch = progress.next(name, sources);
      for await (const event of lookUp(context, name, stretch.start)) {
        if (!sources.has(event.EventSource ?? '') || event.ReadOnly === 'true') continue;
        if (stretch.isNew(event)) yield withRecord(event);
      }
      stretch.end();
    }
  },
});

async function* lookUp({ cloudtrail }: ReadContext, name: string, StartTime: Date): AsyncIterable<Event> {
  const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: name }];
  for await (const page of paginate({ client: cloudtrail, pageSize: 50 }, { LookupAttributes, StartTime })) {
    yield* page.Events ?? [];
  }
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
function withRecord(event: Event): OrganizationEvent {
  const record = parseJson(event.CloudTrailEvent);
  const members = (typeof record === 'object' && record !== null ? record : {}) as Record<string, unknown>;
  const textOf = (member: string): string | undefined => {
    const value = members[member];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    ...event,
    ReadOnly: event.ReadOnly === undefined ? undefined : event.ReadOnly === 'true',
    CloudTrailEvent: record,
    userIdentity: members['userIdentity'],
    sourceIPAddress: textOf('sourceIPAddress'),
    userAgent: textOf('userAgent'),
    errorCode: textOf('errorCode'),
    errorMessage: textOf('errorMessage'),
    requestParameters: members['requestParameters'],
    responseElements: members['responseElements'],
  };
}
