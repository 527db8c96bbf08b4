import type { Region } from '@aws-sdk/client-ec2';
import { AwsReadError, certain, type CallReport, type Identity, type Session } from '../aws/index.js';
import { flatten, type Reading, type ReadRecord, type Settings, type Table } from '../schema/index.js';
import { unaskedRecord, type ReadLog } from './read_log.js';
import { planRegions, unasked, type Unasked } from './regions.js';
import type { Place, Walk } from './walk.js';

/** What is read, with which credentials, and where. */
export interface Reads {
  session: Session;
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

/** Reads a table and its relations wherever they are to be asked; returns what needs no asking. */
export async function readEverywhere(
  walk: Walk,
  table: Table,
  identity: Identity,
  { session, regions, atlas, wantedRegions }: Reads,
  { onLog, onPlan = () => undefined }: Told,
): Promise<ReadRecord[]> {
  const home = { region: session.homeRegion, certainty: certain };
  const readOnce = async (serviceId: string, scope: string): Promise<ReadRecord[]> => {
    const region = atlas.globalRegionOf(serviceId, identity.partition);
    if (region === null) {
      const asked = atlas.organizationsRegionOf(identity.partition);
      return unaskedRecords(table, asked, unasked.serviceNotInRegion, scope);
    }
    await walk.read(table, { region, certainty: certain }, onLog, scope);
    return [];
  };
  if (table.globalService !== null) return readOnce(table.globalService, '');
  const service = table.regionalService;
  if (service === null) {
    await walk.read(table, oneEndpoint(table, identity.partition, atlas) ?? home, onLog);
    return [];
  }
  const plan = planRegions({
    optInStatus: await readOptInStatus(walk, regions, home, onPlan),
    knownRegions: atlas.regionsOf(identity.partition),
    isAlwaysOn: atlas.isAlwaysOn,
    isServiceIn: (region) => atlas.isServiceIn(service, region),
    wanted: wantedRegions,
  });
  const [once] = await Promise.all([
    table.once ? readOnce(table.once.service, table.once.scope) : [],
    ...plan.places.map((place) => walk.read(table, place, onLog)),
  ]);
  return [...plan.unasked.flatMap(({ region, reason }) => unaskedRecords(table, region, reason)), ...once];
}

function unaskedRecords(table: Table, region: string, reason: Unasked, scope = ''): ReadRecord[] {
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

/** The place of a service with one endpoint per partition. */
function oneEndpoint({ permissions }: Table, partition: string, atlas: Atlas): Place | undefined {
  const isOf = (service: string): boolean => permissions.some((permission) => permission.startsWith(`${service}:`));
  if (isOf('organizations')) return { region: atlas.organizationsRegionOf(partition), certainty: certain };
  return isOf('iam') ? { region: atlas.iamRegionOf(partition), certainty: certain } : undefined;
}

/** All of them end before the first error is told: nobody may still be at work when what they share is closed. */
export async function untilDone(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
