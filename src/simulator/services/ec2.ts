import { createHash } from 'node:crypto';
import { ownerOf } from '../auth.js';
import type { Call, Input, Operation, Service } from '../call.js';
import { AwsError } from '../errors.js';
import { matches } from '../glob.js';
import { text } from '../input.js';
import { page } from '../pages.js';
import { ec2Query } from '../query_protocols.js';
import { dnsSuffix, regionsOf } from '../regions.js';

interface Row {
  readonly optInStatus: string;
  readonly geographySet: readonly { readonly name: string }[];
  readonly regionName: string;
  readonly regionEndpoint: string;
}

/** What the documentation of the Filters member names. */
const FILTERS: Readonly<Record<string, (row: Row) => string>> = {
  endpoint: (row) => row.regionEndpoint,
  'opt-in-status': (row) => row.optInStatus,
  'region-name': (row) => row.regionName,
};

const describeRegions: Operation = {
  input: {
    RegionName: { type: 'list', item: { type: 'string' } },
    AllRegions: { type: 'boolean' },
    DryRun: { type: 'boolean' },
    Filter: { type: 'list', item: { type: 'structure' } },
  },
  handle(call) {
    const { AllRegions: all, DryRun: dryRun } = call.input;
    if (dryRun === true) {
      throw new AwsError('DryRunOperation', 412, 'Request would have succeeded, but DryRun flag is set.');
    }
    let rows = everyRegion(call);
    const wanted = call.input['RegionName'] as readonly string[] | undefined;
    if (wanted) {
      const unknown = wanted.filter((name) => !rows.some((row) => row.regionName === name));
      if (unknown.length > 0) {
        throw new AwsError('InvalidParameterValue', 400, `Invalid region provided: [${unknown.join(', ')}]`);
      }
      // "You can specify any Regions, whether they are enabled and disabled for your account."
      rows = rows.filter((row) => wanted.includes(row.regionName));
    } else if (all !== true) {
      rows = rows.filter((row) => row.optInStatus !== 'not-opted-in');
    }
    return { regionInfo: filtered(rows, call.input) };
  },
};

function everyRegion({ world: { scenario } }: Call): Row[] {
  return regionsOf(scenario.partition).map((region) => ({
    optInStatus: region.optIn
      ? scenario.opted_in_regions.includes(region.name)
        ? 'opted-in'
        : 'not-opted-in'
      : 'opt-in-not-required',
    geographySet: [{ name: region.geography }],
    regionName: region.name,
    regionEndpoint: `ec2.${region.name}.${dnsSuffix(scenario.partition)}`,
  }));
}

function filtered(rows: Row[], input: Input): Row[] {
  const filters = (input['Filter'] ?? []) as readonly { Name?: string; Value?: readonly string[] }[];
  return filters.reduce((left, { Name: name = '', Value: values = [] }) => {
    const read = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
    if (!read) throw new AwsError('InvalidParameterValue', 400, `The filter '${name}' is invalid`);
    return left.filter((row) => values.some((value) => matches(value, read(row))));
  }, rows);
}

/** An id that is the same for the same text, as EC2 writes them. */
function hexId(prefix: string, seed: string): string {
  return `${prefix}-0${createHash('sha256').update(seed).digest('hex').slice(0, 16)}`;
}

/**
 * Where an IPAM shows besides its own Region is not documented, so it is shown there alone; and to its owner alone: what is
 * shared are pools and discoveries.
 */
function ipamsOf({ caller, region, world }: Call) {
  const { ipam, partition } = world.scenario;
  return ipam.ipams
    .filter(({ account, region: home }) => ownerOf(world, account) === caller.accountId && home === region)
    .map((scenario) => ({
      ownerId: caller.accountId,
      ipamId: scenario.id,
      ipamArn: `arn:${partition}:ec2::${caller.accountId}:ipam/${scenario.id}`,
      ipamRegion: scenario.region,
      publicDefaultScopeId: hexId('ipam-scope', `${scenario.id} public`),
      privateDefaultScopeId: hexId('ipam-scope', `${scenario.id} private`),
      scopeCount: 2,
      description: scenario.description === '' ? undefined : scenario.description,
      operatingRegionSet: (scenario.operating_regions ?? [scenario.region]).map((regionName) => ({ regionName })),
      state: scenario.state,
      tagSet: Object.entries(scenario.tags).map(([key, value]) => ({ key, value })),
      defaultResourceDiscoveryId: hexId('ipam-res-disco', scenario.id),
      defaultResourceDiscoveryAssociationId: hexId('ipam-res-disco-assoc', scenario.id),
      resourceDiscoveryAssociationCount: 1,
      stateMessage: scenario.state_message,
      tier: scenario.tier,
      enablePrivateGua: scenario.enable_private_gua,
      meteredAccount: scenario.metered_account,
    }));
}

const describeIpams: Operation = {
  input: {
    DryRun: { type: 'boolean' },
    // Which names a filter may have is not documented, and nobody here asks with one.
    MaxResults: { type: 'integer', min: 5, max: 1000 },
    NextToken: { type: 'string' },
    IpamId: { type: 'list', item: { type: 'string' } },
  },
  handle(call) {
    if (call.input['DryRun'] === true) {
      throw new AwsError('DryRunOperation', 412, 'Request would have succeeded, but DryRun flag is set.');
    }
    const { MaxResults } = call.input;
    const wanted = call.input['IpamId'] as readonly string[] | undefined;
    const ipams = ipamsOf(call);
    const unknown = wanted?.find((id) => !ipams.some(({ ipamId }) => ipamId === id));
    if (unknown !== undefined) {
      throw new AwsError('InvalidIpamId.NotFound', 400, `The IPAM ID '${unknown}' does not exist`);
    }
    const { items, nextToken } = page(
      call,
      ipams.filter(({ ipamId }) => wanted?.includes(ipamId) ?? true),
      {
        size: typeof MaxResults === 'number' ? MaxResults : 1000,
        nextToken: text(call.input, 'NextToken'),
        invalid: invalidPageToken,
      },
    );
    return { ipamSet: items, nextToken };
  },
};

function invalidPageToken(): AwsError {
  return new AwsError('InvalidNextToken', 400, 'The specified token is invalid.');
}

export const ec2: Service = {
  name: 'ec2',
  protocol: ec2Query('2016-11-15', 'http://ec2.amazonaws.com/doc/2016-11-15/'),
  operations: { DescribeRegions: describeRegions, DescribeIpams: describeIpams },
  // Codes: "Error codes for the Amazon EC2 API".
  errors: {
    denied: (message) =>
      new AwsError('UnauthorizedOperation', 403, `You are not authorized to perform this operation. ${message}`),
    throttled: () => new AwsError('RequestLimitExceeded', 503, 'Request limit exceeded.'),
    serverError: () => new AwsError('InternalError', 500, 'An internal error has occurred'),
    unknownOperation: (name) =>
      new AwsError('InvalidAction', 400, `The action ${name} is not valid for this web service.`),
    missingAuthentication: () =>
      new AwsError('AuthFailure', 401, 'AWS was not able to validate the provided access credentials'),
    invalidToken: () =>
      new AwsError('AuthFailure', 401, 'AWS was not able to validate the provided access credentials'),
    wrongRegion: () => new AwsError('AuthFailure', 401, 'Credential should be scoped to a valid region. '),
    // One code for both, as in https://github.com/aws/aws-sdk-go-v2/issues/1674 and in EC2's "Common errors": "the request
    // reached the service more than 15 minutes after the date stamp on the request [...] or the date stamp on the request
    // is more than 15 minutes in the future".
    expiredCredentials: () => new AwsError('RequestExpired', 400, 'Request has expired.'),
    skewed: () => new AwsError('RequestExpired', 400, 'Request has expired.'),
    invalid: ({ member, value }) =>
      new AwsError('InvalidParameterValue', 400, `Value (${String(value)}) for parameter ${member} is invalid.`),
    invalidPageToken,
  },
};
