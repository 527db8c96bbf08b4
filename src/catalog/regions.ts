import { editDistance } from '../text/index.js';

/**
 * Partitions and Regions, from botocore 1.44.5 (`partitions.json`, `endpoints.json`) and the partition data of the AWS SDK
 * for JavaScript. Opt-in: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */

export type PartitionId =
  'aws' | 'aws-cn' | 'aws-us-gov' | 'aws-iso' | 'aws-iso-b' | 'aws-iso-e' | 'aws-iso-f' | 'aws-eusc';

/**
 * - `default`: enabled in every account, cannot be switched off.
 * - `opt-in`: an account has to enable it.
 * - `unsurveyed`: an opt-in Region so new that AWS's endpoint data names no service there. What runs in it is not known,
 *   so it is asked: a guess of "not there" could hide an administrator.
 */
export type RegionKind = 'default' | 'opt-in' | 'unsurveyed';

export interface Region {
  readonly name: string;
  /** AWS's name of the place, such as `Europe (Frankfurt)`. */
  readonly location: string;
  readonly kind: RegionKind;
}

export interface Partition {
  readonly id: PartitionId;
  /** Where the one Organizations endpoint of the partition is, and the Region that its requests are signed for. */
  readonly organizationsRegion: string;
  /** The same for IAM. */
  readonly iamRegion: string;
  /** What Region names look like here, so that a Region newer than this file still finds its partition. */
  readonly regionPattern: RegExp;
  readonly regions: readonly Region[];
}

const region = (kind: RegionKind) => (name: string, location: string) => ({ name, location, kind });
const always = region('default');
const optIn = region('opt-in');
const unsurveyed = region('unsurveyed');

export const partitions: readonly Partition[] = [
  {
    id: 'aws',
    organizationsRegion: 'us-east-1',
    iamRegion: 'us-east-1',
    regionPattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
    regions: [
      optIn('af-south-1', 'Africa (Cape Town)'),
      optIn('ap-east-1', 'Asia Pacific (Hong Kong)'),
      optIn('ap-east-2', 'Asia Pacific (Taipei)'),
      always('ap-northeast-1', 'Asia Pacific (Tokyo)'),
      always('ap-northeast-2', 'Asia Pacific (Seoul)'),
      always('ap-northeast-3', 'Asia Pacific (Osaka)'),
      always('ap-south-1', 'Asia Pacific (Mumbai)'),
      optIn('ap-south-2', 'Asia Pacific (Hyderabad)'),
      always('ap-southeast-1', 'Asia Pacific (Singapore)'),
      always('ap-southeast-2', 'Asia Pacific (Sydney)'),
      optIn('ap-southeast-3', 'Asia Pacific (Jakarta)'),
      optIn('ap-southeast-4', 'Asia Pacific (Melbourne)'),
      optIn('ap-southeast-5', 'Asia Pacific (Malaysia)'),
      optIn('ap-southeast-6', 'Asia Pacific (New Zealand)'),
      optIn('ap-southeast-7', 'Asia Pacific (Thailand)'),
      always('ca-central-1', 'Canada (Central)'),
      optIn('ca-west-1', 'Canada West (Calgary)'),
      always('eu-central-1', 'Europe (Frankfurt)'),
      optIn('eu-central-2', 'Europe (Zurich)'),
      always('eu-north-1', 'Europe (Stockholm)'),
      optIn('eu-south-1', 'Europe (Milan)'),
      optIn('eu-south-2', 'Europe (Spain)'),
      always('eu-west-1', 'Europe (Ireland)'),
      always('eu-west-2', 'Europe (London)'),
      always('eu-west-3', 'Europe (Paris)'),
      optIn('il-central-1', 'Israel (Tel Aviv)'),
      optIn('me-central-1', 'Middle East (UAE)'),
      optIn('me-south-1', 'Middle East (Bahrain)'),
      unsurveyed('me-west-1', 'Middle East (Saudi Arabia)'),
      optIn('mx-central-1', 'Mexico (Central)'),
      always('sa-east-1', 'South America (Sao Paulo)'),
      unsurveyed('sa-west-1', 'South America (Chile)'),
      always('us-east-1', 'US East (N. Virginia)'),
      always('us-east-2', 'US East (Ohio)'),
      always('us-west-1', 'US West (N. California)'),
      always('us-west-2', 'US West (Oregon)'),
    ],
  },
  {
    id: 'aws-cn',
    organizationsRegion: 'cn-northwest-1',
    iamRegion: 'cn-north-1',
    regionPattern: /^cn-\w+-\d+$/,
    regions: [always('cn-north-1', 'China (Beijing)'), always('cn-northwest-1', 'China (Ningxia)')],
  },
  {
    id: 'aws-us-gov',
    organizationsRegion: 'us-gov-west-1',
    iamRegion: 'us-gov-west-1',
    regionPattern: /^us-gov-\w+-\d+$/,
    regions: [always('us-gov-east-1', 'AWS GovCloud (US-East)'), always('us-gov-west-1', 'AWS GovCloud (US-West)')],
  },
  {
    id: 'aws-iso',
    organizationsRegion: 'us-iso-east-1',
    iamRegion: 'us-iso-east-1',
    regionPattern: /^us-iso-\w+-\d+$/,
    regions: [always('us-iso-east-1', 'US ISO East'), always('us-iso-west-1', 'US ISO West')],
  },
  {
    id: 'aws-iso-b',
    organizationsRegion: 'us-isob-east-1',
    iamRegion: 'us-isob-east-1',
    regionPattern: /^us-isob-\w+-\d+$/,
    regions: [always('us-isob-east-1', 'US ISOB East (Ohio)'), always('us-isob-west-1', 'US ISOB West')],
  },
  {
    id: 'aws-iso-e',
    organizationsRegion: 'eu-isoe-west-1',
    iamRegion: 'eu-isoe-west-1',
    regionPattern: /^eu-isoe-\w+-\d+$/,
    regions: [always('eu-isoe-west-1', 'EU ISOE West')],
  },
  {
    id: 'aws-iso-f',
    organizationsRegion: 'us-isof-south-1',
    iamRegion: 'us-isof-south-1',
    regionPattern: /^us-isof-\w+-\d+$/,
    regions: [always('us-isof-east-1', 'US ISOF East'), always('us-isof-south-1', 'US ISOF South')],
  },
  {
    id: 'aws-eusc',
    organizationsRegion: 'eusc-de-east-1',
    iamRegion: 'eusc-de-east-1',
    regionPattern: /^eusc-de-\w+-\d+$/,
    regions: [always('eusc-de-east-1', 'AWS European Sovereign Cloud (Germany)')],
  },
];

const partitionById = new Map(partitions.map((partition) => [partition.id, partition]));

/** @throws RangeError for an id that is no partition. */
export function partition(id: PartitionId): Partition {
  const found = partitionById.get(id);
  if (found === undefined) throw new RangeError(`no partition is called ${id}`);
  return found;
}

const regionByName = new Map(
  partitions.flatMap(({ regions }) => regions.map((region): [string, Region] => [region.name, region])),
);

/** True for a Region that this file lists; AWS can have newer ones, see `partitionOf`. */
export function isKnownRegion(name: string): boolean {
  return regionByName.has(name);
}

/** The Region as this file knows it. */
export function regionNamed(name: string): Region | undefined {
  return regionByName.get(name);
}

/** The partition of a Region, also of one newer than this file; undefined where the name fits none. */
export function partitionOf(region: string): PartitionId | undefined {
  return partitions.find(({ regionPattern }) => regionPattern.test(region))?.id;
}

/** Names of the Regions of a partition that every account has enabled. */
export function defaultRegions(id: PartitionId): readonly string[] {
  return partition(id)
    .regions.filter(({ kind }) => kind === 'default')
    .map(({ name }) => name);
}

/** What "did you mean" offers for a Region nobody knows, best first; a place ("frankfurt") works too. Empty if nothing is near. */
export function nearestRegions(name: string, limit = 3): readonly string[] {
  const asked = name.trim().toLowerCase();
  const looksLikePlace = /^[a-z. ]{4,}$/.test(asked);
  const byPlace = [...regionByName.values()].filter(
    ({ location }) => looksLikePlace && location.toLowerCase().includes(asked),
  );
  if (byPlace.length > 0) return byPlace.slice(0, limit).map((region) => region.name);

  return [...regionByName.keys()]
    .map((candidate) => ({ candidate, distance: editDistance(asked, candidate) }))
    .filter(({ distance }) => distance <= 3)
    .sort((left, right) => left.distance - right.distance || left.candidate.localeCompare(right.candidate))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}
