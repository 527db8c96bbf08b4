import { ownerOf } from '../auth.js';
import type { Call, Operation, Output, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { describeProblem, required, text } from '../input.js';
import { page } from '../pages.js';
import { awsJson11 } from '../protocols.js';
import type { Scenario } from '../scenario.js';
import { uuidOf } from '../uuid.js';
import { lookupEvents } from './cloudtrail_events.js';

// Members, limits and error names: botocore, cloudtrail 2013-11-01. The model gives its errors no status of their own: 400,
// as the API reference prints it for each.
function failure(code: string, message: string): AwsError {
  return new AwsError(code, 400, message);
}

type TrailScenario = Scenario['cloudtrail']['trails'][number];
type StoreScenario = Scenario['cloudtrail']['event_data_stores'][number];

interface Trail {
  readonly arn: string;
  readonly scenario: TrailScenario;
  readonly isOwn: boolean;
}

interface Store {
  readonly arn: string;
  readonly id: string;
  readonly scenario: StoreScenario;
}

/** Trails that the caller can see anywhere: its own, and those of its organization. */
function trailsOf({ caller, world }: Call): Trail[] {
  const isMember = world.organization?.account(caller.accountId) !== undefined;
  return world.scenario.cloudtrail.trails.flatMap((scenario) => {
    const owner = ownerOf(world, scenario.account);
    const isOwn = owner === caller.accountId;
    if (!isOwn && !(scenario.organization && isMember)) return [];
    const arn = `arn:${world.scenario.partition}:cloudtrail:${scenario.home_region}:${owner}:trail/${scenario.name}`;
    return [{ arn, scenario, isOwn }];
  });
}

/** "A trail that only logs events in a single Region can be viewed only in that Region" (user guide, since April 2019). */
function logsIn({ scenario }: Trail, region: string): boolean {
  return scenario.multi_region || scenario.home_region === region;
}

/** "The replication in a Region of a trail that was created in a different Region, or … of an organization trail in member accounts." */
function isShadow({ isOwn, scenario }: Trail, region: string): boolean {
  return !isOwn || scenario.home_region !== region;
}

const ARN = /^arn:[\w-]+:cloudtrail:[\w-]+:\d{12}:(?:trail|eventdatastore)\/[\w.-]+$/;
const NAME = /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/;

/** By ARN wherever it is; by name "only … trails belonging only to the current Region and current account". */
function findTrail(call: Call, nameOrArn: string): Trail | undefined {
  if (nameOrArn.startsWith('arn:')) {
    if (!ARN.test(nameOrArn)) throw failure('CloudTrailARNInvalidException', `Invalid trail ARN: ${nameOrArn}`);
    return trailsOf(call).find(({ arn }) => arn === nameOrArn);
  }
  if (!NAME.test(nameOrArn) || nameOrArn.length < 3 || nameOrArn.length > 128) {
    throw failure('InvalidTrailNameException', `Trail name ${nameOrArn} is not valid.`);
  }
  return trailsOf(call).find((trail) => trail.scenario.name === nameOrArn && !isShadow(trail, call.region));
}

/** A delegate acts through a role of the management account, which Organizations alone does not make. */
function throughManagementAccount(call: Call): void {
  if (!isDelegate(call)) return;
  const { world } = call;
  const hasRole = world.scenario.iam.service_linked_roles.some(
    ({ account, role_name: name }) =>
      name === 'AWSServiceRoleForCloudTrail' && ownerOf(world, account) === world.organization?.management.id,
  );
  if (!hasRole) {
    throw failure(
      'NoManagementAccountSLRExistsException',
      'This exception is thrown when the management account does not have a service-linked role.',
    );
  }
}

function isDelegate({ caller, world }: Call): boolean {
  const held = world.organization?.delegate(caller.accountId)?.services ?? [];
  return held.some(({ principal }) => principal === 'cloudtrail.amazonaws.com');
}

function showTrail({ arn, scenario }: Trail): Output {
  return {
    Name: scenario.name,
    S3BucketName: scenario.s3_bucket ?? `${scenario.name.toLowerCase()}-logs`,
    IncludeGlobalServiceEvents: scenario.global_service_events,
    IsMultiRegionTrail: scenario.multi_region,
    HomeRegion: scenario.home_region,
    TrailARN: arn,
    LogFileValidationEnabled: scenario.log_file_validation,
    CloudWatchLogsLogGroupArn: scenario.log_group_arn,
    KmsKeyId: scenario.kms_key_id,
    HasCustomEventSelectors: scenario.custom_event_selectors,
    HasInsightSelectors: scenario.insight_selectors,
    IsOrganizationTrail: scenario.organization,
  };
}

/** Each store that the caller can see in this Region: its own, and as a delegate those of the organization. */
function storesOf(call: Call): Store[] {
  const { caller, world, region } = call;
  return world.scenario.cloudtrail.event_data_stores.flatMap((scenario) => {
    const owner = ownerOf(world, scenario.account);
    const isVisible = owner === caller.accountId || (scenario.organization && isDelegate(call));
    if (!isVisible || scenario.region !== region) return [];
    const id = scenario.id ?? uuidOf(`${owner} ${region} ${scenario.name}`);
    return [
      { arn: `arn:${world.scenario.partition}:cloudtrail:${region}:${owner}:eventdatastore/${id}`, id, scenario },
    ];
  });
}

const operations: Record<string, Operation> = {
  DescribeTrails: {
    input: {
      trailNameList: { type: 'list', item: { type: 'string' } },
      includeShadowTrails: { type: 'boolean' },
    },
    handle(call) {
      throughManagementAccount(call);
      const { trailNameList = [], includeShadowTrails = true } = call.input as {
        trailNameList?: readonly string[];
        includeShadowTrails?: boolean;
      };
      const found =
        trailNameList.length > 0
          ? trailNameList.flatMap((nameOrArn) => findTrail(call, nameOrArn) ?? [])
          : trailsOf(call).filter(
              (trail) => logsIn(trail, call.region) && (includeShadowTrails || !isShadow(trail, call.region)),
            );
      return { trailList: found.map(showTrail) };
    },
  },

  GetTrailStatus: {
    input: { Name: { type: 'string', required: true } },
    resource: 'Name',
    handle(call) {
      const name = required(call.input, 'Name');
      const trail = findTrail(call, name);
      if (!trail || !logsIn(trail, call.region)) {
        // Seen in https://github.com/hashicorp/terraform-provider-aws/issues/28440
        throw failure('TrailNotFoundException', `Unknown trail: ${name} for the user: ${call.caller.accountId}`);
      }
      const { logging, started, stopped, delivery_error: error, log_file_validation: hasDigest } = trail.scenario;
      const delivered = error === undefined ? new Date(started.getTime() + 300_000) : undefined;
      return {
        IsLogging: logging,
        LatestDeliveryError: error,
        LatestDeliveryTime: delivered,
        LatestDigestDeliveryTime: hasDigest ? delivered : undefined,
        StartLoggingTime: started,
        StopLoggingTime: stopped,
        // "No longer in use", and still sent: as texts, empty where there is nothing.
        LatestDeliveryAttemptTime: delivered?.toISOString().replace('.000', '') ?? '',
        LatestNotificationAttemptTime: '',
        LatestNotificationAttemptSucceeded: '',
        LatestDeliveryAttemptSucceeded: delivered?.toISOString().replace('.000', '') ?? '',
        TimeLoggingStarted: started.toISOString().replace('.000', ''),
        TimeLoggingStopped: stopped?.toISOString().replace('.000', '') ?? '',
      };
    },
  },

  ListEventDataStores: {
    input: {
      MaxResults: { type: 'integer', min: 1, max: 1000 },
      NextToken: { type: 'string', min: 4, max: 1000 },
    },
    handle(call) {
      throughManagementAccount(call);
      const { MaxResults } = call.input;
      const { items, nextToken } = page(call, storesOf(call), {
        size: typeof MaxResults === 'number' ? MaxResults : 1000,
        nextToken: text(call.input, 'NextToken'),
        invalid: invalidPageToken,
      });
      // The model calls the other members "no longer returned by ListEventDataStores".
      return {
        EventDataStores: items.map(({ arn, scenario }) => ({ EventDataStoreArn: arn, Name: scenario.name })),
        NextToken: nextToken,
      };
    },
  },

  GetEventDataStore: {
    input: {
      EventDataStore: { type: 'string', required: true, min: 3, max: 256, pattern: /^[a-zA-Z0-9._/\-:]+$/ },
    },
    resource: 'EventDataStore',
    handle(call) {
      throughManagementAccount(call);
      const asked = required(call.input, 'EventDataStore');
      if (asked.startsWith('arn:') && !ARN.test(asked)) {
        throw failure('EventDataStoreARNInvalidException', `Invalid event data store ARN: ${asked}`);
      }
      const store = storesOf(call).find(({ arn, id }) => arn === asked || id === asked);
      // The words: https://github.com/aws-samples/iam-identity-center-team/issues/202
      if (!store) throw failure('EventDataStoreNotFoundException', 'The event data store was not found.');
      const { arn, scenario } = store;
      return {
        EventDataStoreArn: arn,
        Name: scenario.name,
        Status: scenario.status,
        AdvancedEventSelectors: [
          { Name: 'Default management events', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
        ],
        MultiRegionEnabled: scenario.multi_region,
        OrganizationEnabled: scenario.organization,
        RetentionPeriod: scenario.retention_days,
        TerminationProtectionEnabled: scenario.termination_protection,
        CreatedTimestamp: scenario.created,
        UpdatedTimestamp: scenario.created,
        KmsKeyId: scenario.kms_key_id,
        BillingMode: scenario.billing_mode,
        FederationStatus: scenario.federation.status,
        FederationRoleArn: scenario.federation.role_arn,
        PartitionKeys: [{ Name: 'calendarday', Type: 'string' }],
      };
    },
  },

  LookupEvents: lookupEvents,
};

function invalidPageToken(): AwsError {
  return failure('InvalidNextTokenException', 'The next token provided is not valid.');
}

export const cloudtrail: Service = {
  name: 'cloudtrail',
  // The long one is botocore's, the short one that of the newer SDKs.
  protocol: awsJson11('com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101', 'CloudTrail_20131101'),
  operations,
  errors: {
    denied: (message) => failure('AccessDeniedException', message),
    throttled: () => failure('ThrottlingException', 'Rate exceeded'),
    serverError: () => new AwsError('InternalFailure', 500, 'We encountered an internal error. Please try again.'),
    ...frontEndErrors('json'),
    invalid: (problem) => {
      if (problem.constraint === 'type') return failure('SerializationException', '');
      if (problem.member === 'MaxResults') {
        return failure('InvalidMaxResultsException', `Max results must be between 1 and ${problem.rule.max ?? ''}.`);
      }
      if (problem.member === 'NextToken') return invalidPageToken();
      if (problem.member === 'EventCategory') {
        return failure('InvalidEventCategoryException', describeProblem(problem));
      }
      if (['AttributeKey', 'AttributeValue'].includes(problem.member)) {
        return failure('InvalidLookupAttributesException', describeProblem(problem));
      }
      return failure(
        problem.member === 'EventDataStore' ? 'InvalidParameterException' : 'InvalidTrailNameException',
        describeProblem(problem),
      );
    },
    invalidPageToken,
  },
  // "Limited to two per second, per account, per Region", says the model, and that alone; of a burst it says nothing.
  rates: { LookupEvents: { account: [2, 2], isPerRegion: true } },
  isAbsent: ({ cloudtrail: { absent_regions: absent } }, region) => absent.includes(region),
  resourceArn: (_call, resource) => (resource?.startsWith('arn:') === true ? resource : '*'),
};
