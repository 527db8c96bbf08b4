import { createHash } from 'node:crypto';
import type { Call, Operation, Problem, Service, World } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { describeProblem } from '../input.js';
import { isIn, regionsThatAreOn, type Place } from '../places.js';
import { restJson } from '../protocols.js';
import type { Scenario } from '../scenario.js';

// Members, limits and errors: botocore, securitylake 2018-05-10.
type DataLake = Scenario['securitylake']['data_lakes'][number];

function denied(message: string): AwsError {
  return new AwsError('AccessDeniedException', 403, message);
}

function invalid(message: string): AwsError {
  return new AwsError('BadRequestException', 400, message);
}

/** Security Lake keeps no list of its own: its administrator is the one that Organizations knows. */
function delegateOf({ organization }: World): string | undefined {
  const holds = organization?.delegates.find(({ services }) =>
    services.some(({ principal }) => principal === 'securitylake.amazonaws.com'),
  );
  return holds?.account.id;
}

/**
 * In an organization the delegated administrator alone: https://github.com/awslabs/sra-verify, services/securitylake/base.py,
 * where ListDataLakes was asked from another account that held every permission. An account without an organization has a
 * lake of its own.
 */
function mustBeDelegate({ caller, world }: Call): void {
  if (world.organization?.account(caller.accountId) && delegateOf(world) !== caller.accountId) {
    throw denied(
      "The request failed because you don't have sufficient permissions to perform this operation for your organization. Contact your administrator for assistance.",
    );
  }
}

/** Each Region with what the account has there; one Region answers for all of them. */
function inRegions<Entry extends Place & { readonly account?: string | undefined }>(
  { caller, world }: Call,
  entries: readonly Entry[],
): [string, Entry][] {
  const owner = (entry: Entry) => entry.account ?? delegateOf(world);
  const own = entries.filter((entry) => owner(entry) === caller.accountId);
  const { securitylake } = world.scenario;
  return regionsThatAreOn(world.scenario)
    .filter((region) => !securitylake.absent_regions.includes(region))
    .flatMap((region): [string, Entry][] => {
      const entry = own.find((each) => isIn(each, region));
      return entry ? [[region, entry]] : [];
    });
}

const REGION =
  /^(us(-gov)?|af|ap|ca|eu|me|sa)-(central|north|(north(?:east|west))|south|south(?:east|west)|east|west)-\d+$/;

const listDataLakes: Operation = {
  http: { method: 'GET', path: '/v1/datalakes' },
  input: { regions: { type: 'list', item: { type: 'string', pattern: REGION } } },
  handle(call) {
    mustBeDelegate(call);
    const asked = call.input['regions'] as readonly string[] | undefined;
    const lakes = inRegions(call, call.world.scenario.securitylake.data_lakes);
    // "To determine whether Security Lake is enabled for a Region" (model): where it is not, there is none in the list.
    return {
      dataLakes: lakes
        .filter(([region]) => asked === undefined || asked.includes(region))
        .map(([region, lake]) => describe(call, region, lake)),
    };
  },
};

function describe({ caller, world }: Call, region: string, lake: DataLake): object {
  const { partition } = world.scenario;
  const suffix = createHash('md5').update(`${caller.accountId} ${region}`).digest('hex').slice(0, 16);
  const { update_status: update } = lake;
  return {
    createStatus: lake.create_status,
    dataLakeArn: `arn:${partition}:securitylake:${region}:${caller.accountId}:data-lake/default`,
    encryptionConfiguration: { kmsKeyId: lake.kms_key_id },
    lifecycleConfiguration: {
      expiration: lake.expiration_days === undefined ? undefined : { days: lake.expiration_days },
      transitions: lake.transitions.map(({ days, storage_class: storageClass }) => ({ days, storageClass })),
    },
    region,
    replicationConfiguration: lake.replication && {
      regions: lake.replication.regions,
      roleArn: lake.replication.role_arn,
    },
    s3BucketArn: lake.s3_bucket_arn ?? `arn:${partition}:s3:::aws-security-data-lake-${region}-${suffix}`,
    updateStatus: update && { exception: update.exception, requestId: update.request_id, status: update.status },
  };
}

const getDataLakeOrganizationConfiguration: Operation = {
  http: { method: 'GET', path: '/v1/datalake/organization/configuration' },
  input: {},
  handle(call) {
    mustBeDelegate(call);
    const { data_lakes: dataLakes, organization_configuration: settings } = call.world.scenario.securitylake;
    const hasLake = inRegions(call, dataLakes).length > 0;
    const found = hasLake ? inRegions(call, settings) : [];
    // At least one Region is in the answer (model), so none is an error; https://github.com/awslabs/sra-verify:
    // services/securitylake/client.py reads it as "no organization configuration". The words are those of the model.
    if (found.length === 0) {
      throw new AwsError('ResourceNotFoundException', 404, 'The resource could not be found.');
    }
    return {
      autoEnableNewAccount: found.map(([region, { sources }]) => ({
        region,
        sources: sources.map(({ source_name: sourceName, source_version: sourceVersion }) => ({
          sourceName,
          sourceVersion,
        })),
      })),
    };
  },
};

export const securitylake: Service = {
  name: 'securitylake',
  protocol: restJson,
  operations: {
    ListDataLakes: listDataLakes,
    GetDataLakeOrganizationConfiguration: getDataLakeOrganizationConfiguration,
  },
  errors: {
    denied,
    throttled: () => new AwsError('ThrottlingException', 429, 'Rate exceeded'),
    serverError: () => new AwsError('InternalServerException', 500, 'Internal server error'),
    ...frontEndErrors('rest'),
    invalid: (problem: Problem) => invalid(describeProblem(problem)),
    // Nothing here is paged.
    invalidPageToken: () => invalid('The nextToken is not valid.'),
  },
  isAbsent: ({ securitylake: { absent_regions: absent } }, region) => absent.includes(region),
};
