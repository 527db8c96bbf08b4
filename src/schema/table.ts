import type { Clients, Identity } from '../aws/index.js';
import type { Column } from './columns.js';
import type { Settings } from './settings.js';

/** What a table's code gets to read with. */
export interface ReadContext extends Clients {
  readonly identity: Identity;
  /** The Region that the clients ask. */
  readonly region: string;
  /** '' as a rule; the scope of {@link Table.once} while that is read. */
  readonly scope: string;
  /** The account whose credentials the clients have: that of `identity`, or the one of {@link Table.delegates} that is asked. */
  readonly askedAccountId: string;
  /** Where the organization's own API and its events are. */
  readonly organizationsRegion: string;
  readonly settings: Settings;
  /** How far earlier syncs came, for an incremental table. */
  readonly state: State;
  /** Awaits a reading that several tables share: AWS is asked once for all of them. */
  readonly use: <Value>(reading: Reading<Value>) => Promise<Value>;
  /** As {@link use}; undefined where AWS says that there is none. */
  readonly useIfAny: <Value>(reading: Reading<Value>) => Promise<Value | undefined>;
  /** As {@link use}, for a table that can go on without: undefined where the reading was not complete, which is recorded. */
  readonly tryToUse: <Value>(reading: Reading<Value>) => Promise<Value | undefined>;
}

/**
 * What an incremental table remembers from sync to sync. Empty where the client keeps nothing (no `backend_options`); what
 * is set counts only once the sync has come to its end.
 */
export interface State {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

/** Something of the organization that more than one table needs, and that is small enough to be held in memory. */
export interface Reading<Value> {
  readonly name: string;
  /** IAM actions. */
  readonly permissions: readonly string[];
  /** True for what is asked once for the organization, whatever Region the table is read in. */
  readonly isForOrganization?: boolean;
  readonly read: (context: ReadContext) => Promise<Value>;
}

/** One member of each item of a reading, such as the account IDs of administrators. */
export function membersOf<Member extends string>(
  reading: Reading<readonly Partial<Readonly<Record<Member, string | undefined>>>[]>,
  member: Member,
): Reading<readonly string[]> {
  return {
    name: `${member} of ${reading.name}`,
    permissions: reading.permissions,
    read: async ({ use }) => (await use(reading)).flatMap((item) => item[member] ?? []),
  };
}

/** A further call per item, which adds members to it. A call that fails leaves them null and is recorded with its scope. */
export interface Detail<Item> {
  /** The column that tells the items apart in `scope` of aws_delegation_reads. */
  readonly scopeColumn: string;
  readonly scope: (item: Item) => string;
  readonly isWanted?: (item: Item, settings: Settings) => boolean;
  readonly read: (context: ReadContext, item: Item) => Promise<Partial<Item>>;
}

/** A table as the sync walks it, whatever its items are. Made by {@link defineTable}. */
export interface Table {
  readonly name: string;
  readonly description: string;
  /** AWS's page of the operation, or the page of ours that explains it. */
  readonly source: string;
  /** IAM actions, the one that lists the rows first; none where the rows do not come from AWS. */
  readonly permissions: readonly string[];
  /** Needed only with a setting; otherwise not asked, and recorded as skipped. */
  readonly optionalPermissions: readonly { permission: string; isWanted: (settings: Settings) => boolean }[];
  readonly columns: readonly TableColumn[];
  readonly primaryKey: readonly string[];
  readonly accountColumn: 'account_id' | 'request_account_id';
  /** Catalogue id of the service whose Regions are asked one by one; null for a table that is read once. */
  readonly regionalService: string | null;
  /** Catalogue id of the service that answers in one Region for the whole organization, and is not in every partition. */
  readonly globalService: string | null;
  /** A second service whose organization-wide answer goes into the same rows; `list` tells the two apart by `context.scope`. */
  readonly once: OnceRead | null;
  /** For what AWS shows to certain accounts only: they are asked one by one, each with credentials of its own. */
  readonly delegates: Delegates | null;
  /** True where a sync adds to what is stored, instead of replacing it. */
  readonly isIncremental: boolean;
  readonly list: (context: ReadContext, parent: unknown) => AsyncIterable<unknown>;
  readonly detail: Detail<unknown> | null;
  /** For a relation that asks AWS once per parent: the column, and the parent's value of it. */
  readonly fanOut: { readonly scopeColumn: string; readonly scope: (parent: unknown) => string } | null;
  readonly relations: readonly Table[];
  /** True for the few tables that say what was asked and what it means: they come with every sync. */
  readonly isAlwaysSynced: boolean;
  /** Of a table that comes from the spec: columns that tell what the sync did, which a later spec does not change. */
  readonly asSynced: readonly string[];
}

export interface Delegates {
  /** Ids of the accounts to ask, in the Region that is asked. */
  readonly accounts: Reading<readonly string[]>;
  /** Has the id of the account that was asked; stands in `scope` of aws_delegation_reads. */
  readonly column: string;
  /** True where the management account is one of them, which needs nobody's role. */
  readonly isManagementAccountAsked: boolean;
  /** Requests that asking one account takes in a Region, where there is nothing to be seen. */
  readonly fewestRequests: (place: { region: string; organizationsRegion: string }) => number;
}

export interface OnceRead {
  /** Catalogue id. */
  readonly service: string;
  /** Stands in `scope` of aws_delegation_reads. */
  readonly scope: string;
  /** The column by which its rows are told apart from the others. */
  readonly scopeColumn: string;
}

export interface TableColumn {
  readonly name: string;
  readonly type: Column['type'];
  readonly member: string;
  readonly description: string;
}

/** The member of an item that {@link Delegates.column} takes its value from; no item of AWS's has it. */
export const askedAccount = 'asked account';

/** A table and its relations, parents first. */
export function flatten(tables: readonly Table[]): Table[] {
  return tables.flatMap((table) => [table, ...flatten(table.relations)]);
}

/** All pages of a list as one array; only for what is small by AWS's quotas. */
export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}
