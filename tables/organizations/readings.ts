import {
  DescribeResourcePolicyCommand,
  DescribeOrganizationCommand,
  paginateListAccountsForParent,
  paginateListOrganizationalUnitsForParent,
  paginateListRoots,
  type Account,
  type Organization,
  type OrganizationalUnit,
  type ResourcePolicy,
  type Root,
} from '@aws-sdk/client-organizations';
import type { ReadContext, Reading } from '../../src/schema/index.js';

/** Any account may ask for its own; it names the management account. */
export const organization: Reading<Organization | undefined> = {
  name: 'organization',
  permissions: ['organizations:DescribeOrganization'],
  isForOrganization: true,
  async read({ organizations }) {
    return (await organizations.send(new DescribeOrganizationCommand({}))).Organization;
  },
};

/** The delegation policy; ends as `absent` where there is none. */
export const resourcePolicy: Reading<ResourcePolicy | undefined> = {
  name: 'resource policy',
  permissions: ['organizations:DescribeResourcePolicy'],
  isForOrganization: true,
  async read({ organizations }) {
    return (await organizations.send(new DescribeResourcePolicyCommand({}))).ResourcePolicy;
  },
};

/** At most one today; its policy types say which policies are in force. */
export const roots: Reading<Root[]> = {
  name: 'roots',
  permissions: ['organizations:ListRoots'],
  async read({ organizations }) {
    const all: Root[] = [];
    for await (const page of paginateListRoots({ client: organizations }, {})) all.push(...(page.Roots ?? []));
    // From an empty list it would follow that there are no OUs and no policies, without anybody having been asked.
    if (all.length === 0) throw new TypeError('organizations:ListRoots named no root, which every organization has');
    return all;
  },
};

/** An organizational unit and where it stands. */
export interface PlacedUnit extends OrganizationalUnit {
  ParentId: string;
  ParentType: 'ROOT' | 'ORGANIZATIONAL_UNIT';
  /** By names: `/Infrastructure/Network`; a slash in a name is `\/`. */
  OuPath: string;
  /** 1 directly below the root. */
  Depth: number;
}

/** AWS nests OUs five deep: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const deepestLevel = 5;

/** Every OU by id, parents first; AWS allows 2,000 of them. */
export const organizationalUnits: Reading<Map<string, PlacedUnit>> = {
  name: 'organizational units',
  permissions: ['organizations:ListRoots', 'organizations:ListOrganizationalUnitsForParent'],
  async read(context) {
    const found = new Map<string, PlacedUnit>();
    for (const root of await context.use(roots)) {
      let level = await unitsBelow(context, { Id: root.Id ?? '', Path: undefined, OuPath: '', Depth: 0 });
      while (level.length > 0) {
        for (const unit of level) found.set(unit.Id ?? '', unit);
        const parents = level.filter((unit) => unit.Depth < deepestLevel);
        level = (await whenAllEnded(parents.map((unit) => unitsBelow(context, unit)))).flat();
      }
    }
    return found;
  },
};

/** Promise.all would end at the first error, with the other calls still under way and never counted. */
async function whenAllEnded<Value>(calls: readonly Promise<Value>[]): Promise<Value[]> {
  const results = await Promise.allSettled(calls);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function unitsBelow(
  { organizations }: ReadContext,
  parent: Pick<PlacedUnit, 'Id' | 'Path' | 'OuPath' | 'Depth'>,
): Promise<PlacedUnit[]> {
  const units: PlacedUnit[] = [];
  for await (const page of paginateListOrganizationalUnitsForParent(
    { client: organizations },
    { ParentId: parent.Id },
  )) {
    for (const unit of page.OrganizationalUnits ?? []) {
      units.push({
        ...unit,
        ParentId: parent.Id ?? '',
        ParentType: parent.Depth === 0 ? 'ROOT' : 'ORGANIZATIONAL_UNIT',
        OuPath: `${parent.OuPath}/${pathName(unit.Name ?? unit.Id ?? '')}`,
        Depth: parent.Depth + 1,
      });
    }
  }
  return units;
}

/** AWS takes any character in a name: an OU called `Security/x` must not look like one below `/Security`. */
function pathName(name: string): string {
  return name.replaceAll(/[\\/]/g, String.raw`\$&`);
}

/** An account and where it stands. */
export interface PlacedAccount extends Account {
  ParentId?: string | undefined;
  /** By names, `/` directly below the root; undefined where the place is not known. */
  OuPath?: string | undefined;
  Tags?: Record<string, string>;
}

/** The parent's id by account id. Only for a server that leaves `Paths` out of ListAccounts: one call per OU. */
export const placements: Reading<Map<string, string>> = {
  name: 'placements',
  permissions: [
    'organizations:ListRoots',
    'organizations:ListOrganizationalUnitsForParent',
    'organizations:ListAccountsForParent',
  ],
  async read(context) {
    const { organizations } = context;
    const parents = [
      ...(await context.use(roots)).map((root) => root.Id ?? ''),
      ...(await context.use(organizationalUnits)).keys(),
    ];
    const found = new Map<string, string>();
    await whenAllEnded(
      parents.map(async (parent) => {
        for await (const page of paginateListAccountsForParent({ client: organizations }, { ParentId: parent })) {
          for (const account of page.Accounts ?? []) found.set(account.Id ?? '', parent);
        }
      }),
    );
    return found;
  },
};
