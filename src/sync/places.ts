import type { Region } from '@aws-sdk/client-ec2';
import {
  AwsReadError,
  certain,
  type CallReport,
  type DelegateOptions,
  type Identity,
  type Session,
} from '../aws/index.js';
import { flatten, type Reading, type ReadRecord, type Settings, type Table } from '../schema/index.js';
import { unaskedRecord, type ReadLog } from './read_log.js';
import { planRegions, unasked, type Unasked } from './regions.js';
import type { Place, Walk } from './walk.js';

/** What is read, with which credentials, and where. */
export interface Reads {
  session: Session;
  /** How to act in the accounts that administer services. */
  delegates: DelegateOptions;
  settings: Settings;
  /** What the spec selected, relations included. */
  selected: readonly Table[];
  /** Opt-in status per Region. */
  regions: Reading<Region[]>;
  atlas: Atlas;
  wantedRegions: readonly string[] | 'all';
  fanOutWidth: number;
  signal: AbortSignal;
}

/** What the catalogue says about places. */
export interface Atlas {
  regionsOf: (partition: string) => readonly string[];
  organizationsRegionOf: (partition: string) => string;
  iamRegionOf: (partition: string) => string;
  /** Where a service that answers for the whole organization is asked; null where the partition does not have it. */
  globalRegionOf: (serviceId: string, partition: string) => string | null;
  /** True for a Region that no account can switch off. */
  isAlwaysOn: (region: string) => boolean;
  /** Null where it is not known whether the service is in the Region. */
  isServiceIn: (serviceId: string, region: string) => boolean | null;
}

interface Told {
  onLog: (log: ReadLog) => void;
  /** The call that says which Regions there are to ask. */
  onPlan?: (call: CallReport) => void;
}

/** Where a table and its relations are asked, and where they need not be. */
export interface TablePlaces {
  reads: { place: Place; scope: string }[];
  unasked: { region: string; reason: Unasked; scope: string }[];
}

/** What says where to ask, known before the first call of a table. */
export interface Whereabouts {
  partition: string;
  /** Where a service is asked that has neither Regions of its own nor one endpoint per partition. */
  homeRegion: string;
  /** By Region; null where it is not known, or where no table needs it. */
  optInStatus: ReadonlyMap<string, string> | null;
  atlas: Atlas;
  wantedRegions: readonly string[] | 'all';
}

/** The one answer to "which Regions?": for the sync that asks them and for the plan that counts them. */
export function placesOf(
  table: Table,
  { partition, homeRegion, optInStatus, atlas, wantedRegions }: Whereabouts,
): TablePlaces {
  const global = atlas.organizationsRegionOf(partition);
  const once = (serviceId: string, scope: string): TablePlaces => {
    const region = atlas.globalRegionOf(serviceId, partition);
    return region === null
      ? { reads: [], unasked: [{ region: global, reason: unasked.serviceNotInRegion, scope }] }
      : { reads: [{ place: { region, certainty: certain }, scope }], unasked: [] };
  };
  if (table.globalService !== null) return once(table.globalService, '');
  const service = table.regionalService;
  if (service === null) {
    const region = oneEndpointOf(table, partition, atlas) ?? homeRegion;
    return { reads: [{ place: { region, certainty: certain }, scope: '' }], unasked: [] };
  }
  const plan = planRegions({
    optInStatus,
    knownRegions: atlas.regionsOf(partition),
    isAlwaysOn: atlas.isAlwaysOn,
    isServiceIn: (region) => atlas.isServiceIn(service, region),
    wanted: wantedRegions,
  });
  const whole = table.once ? once(table.once.service, table.once.scope) : { reads: [], unasked: [] };
  return {
    reads: [...plan.places.map((place) => ({ place, scope: '' })), ...whole.reads],
    unasked: [...plan.unasked.map((each) => ({ ...each, scope: '' })), ...whole.unasked],
  };
}

/** Reads a table and its relations wherever they are to be asked; returns what needs no asking. */
export async function readEverywhere(
  walk: Walk,
  table: Table,
  { partition }: Identity,
  { session: { homeRegion }, regions, atlas, wantedRegions }: Reads,
  { onLog, onPlan = () => undefined }: Told,
): Promise<ReadRecord[]> {
  const home = { region: homeRegion, certainty: certain };
  const optInStatus = table.regionalService === null ? null : await readOptInStatus(walk, regions, home, onPlan);
  const { reads, unasked } = placesOf(table, { partition, homeRegion, optInStatus, atlas, wantedRegions });
  await Promise.all(reads.map(({ place, scope }) => walk.read(table, place, onLog, scope)));
  return unasked.flatMap((each) => unaskedRecords(table, each));
}

function unaskedRecords(table: Table, { region, reason, scope }: TablePlaces['unasked'][number]): ReadRecord[] {
  return flatten([table]).flatMap((each) =>
    each.permissions.map((operation) => unaskedRecord(each, operation, region, reason, scope)),
  );
}

async function readOptInStatus(
  walk: Walk,
  regions: Reading<Region[]>,
  home: Place,
  onCall: (call: CallReport) => void,
): Promise<Map<string, string> | null> {
  try {
    const all = await walk.use(regions, home, onCall);
    return new Map(all.map(({ RegionName, OptInStatus }) => [RegionName ?? '', OptInStatus ?? '']));
  } catch (error) {
    // Told by the row of aws_ec2_regions; without the list every Region of the partition is asked.
    if (error instanceof AwsReadError) return null;
    throw error;
  }
}

/** The Region of a service with one endpoint per partition. */
function oneEndpointOf({ permissions }: Table, partition: string, atlas: Atlas): string | undefined {
  const isOf = (service: string): boolean => permissions.some((permission) => permission.startsWith(`${service}:`));
  if (isOf('organizations')) return atlas.organizationsRegionOf(partition);
  return isOf('iam') ? atlas.iamRegionOf(partition) : undefined;
}
