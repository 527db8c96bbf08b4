import type { Column } from './columns.js';
import {
  askedAccount,
  type Delegates,
  type Detail,
  type OnceRead,
  type ReadContext,
  type Reading,
  type Table,
  type TableColumn,
} from './table.js';

type Columns = Readonly<Record<string, Column>>;
type MemberOf<AnyColumn> = AnyColumn extends Column<infer Member> ? Member : never;
type Forgotten<Item, Cols extends Columns, Omit> = Exclude<
  keyof Item & string,
  MemberOf<Cols[keyof Cols]> | keyof Omit
>;

/** Each column must name a member of the item, of its type; otherwise the message stands where the column should. */
type Checked<Item, Cols extends Columns> = {
  [Name in keyof Cols]: Cols[Name] extends Column<infer Member, infer Value>
    ? Member extends keyof Item
      ? [NonNullable<Item[Member]>] extends [Value]
        ? Cols[Name]
        : `${Member} is not of this type`
      : `AWS has no member ${Member}`
    : never;
};

interface Definition<Item, Parent, Cols extends Columns, Omitted, Delegate extends string> {
  name: string;
  description: string;
  source: string;
  permissions: readonly string[];
  optionalPermissions?: Table['optionalPermissions'];
  primaryKey: readonly (keyof Cols | NoInfer<Delegate> | 'account_id' | 'request_account_id' | 'region')[];
  columns: Cols & Checked<Item, Cols>;
  /** AWS members that deliberately have no column, and why. */
  omit?: Omitted;
  regionalService?: string;
  globalService?: string;
  once?: OnceRead;
  delegates?: {
    accounts: Reading<readonly string[]>;
    column: Delegate;
    description: string;
    isManagementAccountAsked?: boolean;
    fewestRequests?: Delegates['fewestRequests'];
  };
  isIncremental?: boolean;
  isAlwaysSynced?: boolean;
  asSynced?: readonly (keyof Cols & string)[];
  list: (context: ReadContext, parent: Parent) => AsyncIterable<Item>;
  detail?: Detail<Item>;
  fanOut?: { scopeColumn: keyof Cols & string; scope: (parent: Parent) => string | undefined };
  relations?: readonly RelationOf<Item>[];
}

declare const parentOf: unique symbol;
/** A table whose `list` takes an item of type `Parent`. */
export type RelationOf<Parent> = Table & { readonly [parentOf]?: (parent: Parent) => void };

/**
 * A table: `defineTable<Item, Parent>()({...})`, where `Item` is AWS's shape. Each of its members becomes a column or is
 * named in `omit`; a member that is misspelt, of another type or forgotten does not compile.
 *
 * `account_id` (or `request_account_id`, where the primary key says so) and, where a service is asked in Regions of its
 * own, `region` are added; so is the column of `delegates`.
 */
export function defineTable<Item extends object, Parent = undefined>() {
  return <
    const Cols extends Columns,
    const Omitted extends Partial<Record<keyof Item & string, string>> = object,
    const Delegate extends string = never,
  >(
    definition: Definition<Item, Parent, Cols, Omitted, Delegate> &
      ([Forgotten<Item, Cols, Omitted>] extends [never]
        ? unknown
        : { columns: `no column for ${Forgotten<Item, Cols, Omitted>}: add it, or name it in omit` }),
  ): RelationOf<Parent> => {
    const accountColumn = definition.primaryKey.includes('request_account_id') ? 'request_account_id' : 'account_id';
    const asked: TableColumn[] = [
      { name: accountColumn, type: 'text', member: accountColumn, description: 'Account ID that asked.' },
    ];
    if (definition.regionalService !== undefined || definition.globalService !== undefined) {
      asked.push({ name: 'region', type: 'text', member: 'region', description: 'Region that was asked.' });
    }
    const { delegates } = definition;
    if (delegates) {
      asked.push({ name: delegates.column, type: 'text', member: askedAccount, description: delegates.description });
    }
    return {
      name: definition.name,
      description: definition.description,
      source: definition.source,
      permissions: definition.permissions,
      optionalPermissions: definition.optionalPermissions ?? [],
      columns: [
        ...asked,
        ...Object.entries(definition.columns).map(([name, { type, member, description }]) => ({
          name,
          type,
          member,
          description,
        })),
      ],
      primaryKey: definition.primaryKey as string[],
      accountColumn,
      regionalService: definition.regionalService ?? null,
      globalService: definition.globalService ?? null,
      once: definition.once ?? null,
      delegates: delegates
        ? {
            accounts: delegates.accounts,
            column: delegates.column,
            isManagementAccountAsked: delegates.isManagementAccountAsked ?? false,
            fewestRequests: delegates.fewestRequests ?? (() => 1),
          }
        : null,
      isIncremental: definition.isIncremental ?? false,
      list: definition.list as Table['list'],
      detail: (definition.detail ?? null) as Table['detail'],
      fanOut: (definition.fanOut ?? null) as Table['fanOut'],
      relations: definition.relations ?? [],
      isAlwaysSynced: definition.isAlwaysSynced ?? false,
      asSynced: definition.asSynced ?? [],
    };
  };
}
