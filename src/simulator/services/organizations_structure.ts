import type { Call, MemberRule, Operation, Output } from '../call.js';
import { required } from '../input.js';
import type { Account, Organization, Unit } from '../organization.js';
import {
  ACCOUNT_ID,
  failure,
  forAdministrators,
  list,
  NEXT_TOKEN,
  organizationOf,
  PAGE,
  showMember,
} from './organizations_requests.js';

const PARENT_ID = /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/;
const CHILD_ID = /^(?:\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/;
const TAGGABLE_ID =
  /^(?:r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|p-[0-9a-zA-Z_]{8,128}|rp-[0-9a-zA-Z_]{4,128}|rt-[0-9a-zA-Z_]{8,32})$/;

const PARENT: MemberRule = { type: 'string', required: true, max: 100, pattern: PARENT_ID };

function showAccount(call: Call, account: Account): Output {
  return { ...showMember(call, account), ...(call.world.scenario.omit_paths ? {} : { Paths: [account.path] }) };
}

function showUnit(call: Call, unit: Unit): Output {
  return {
    Id: unit.id,
    Arn: unit.arn,
    Name: unit.name,
    ...(call.world.scenario.omit_paths ? {} : { Path: unit.path }),
  };
}

function parentOf(call: Call, organization: Organization): string {
  const id = required(call.input, 'ParentId');
  if (!organization.isParent(id)) throw failure('ParentNotFoundException', "You specified parent that doesn't exist.");
  return id;
}

/** The organization, its root, OUs and accounts. */
export const structureOperations: Record<string, Operation> = {
  DescribeOrganization: {
    input: {},
    handle(call) {
      const { arn, management, scenario } = organizationOf(call);
      return {
        Organization: {
          Id: scenario.id,
          Arn: arn,
          FeatureSet: scenario.feature_set,
          MasterAccountArn: management.arn,
          MasterAccountId: management.id,
          MasterAccountEmail: management.email,
          // Deprecated and incomplete ("do not use", API reference): it never told more than SCPs.
          AvailablePolicyTypes:
            scenario.feature_set === 'ALL' ? [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] : [],
        },
      };
    },
  },

  ListRoots: {
    input: PAGE,
    handle(call) {
      const organization = forAdministrators(call);
      return list(call, 'Roots', [organization.scenario.root], (root) => ({
        Id: root.id,
        Arn: organization.rootArn,
        Name: root.name,
        PolicyTypes: root.policy_types.map(({ type, status }) => ({ Type: type, Status: status })),
      }));
    },
  },

  ListAccounts: {
    input: PAGE,
    handle: (call) => list(call, 'Accounts', forAdministrators(call).accounts, (account) => showAccount(call, account)),
  },

  ListAccountsForParent: {
    input: { ParentId: PARENT, ...PAGE },
    resource: 'ParentId',
    handle(call) {
      const organization = forAdministrators(call);
      const accounts = organization.accountsIn(parentOf(call, organization));
      return list(call, 'Accounts', accounts, (account) => showAccount(call, account));
    },
  },

  ListOrganizationalUnitsForParent: {
    input: { ParentId: PARENT, ...PAGE },
    resource: 'ParentId',
    handle(call) {
      const organization = forAdministrators(call);
      const units = organization.unitsIn(parentOf(call, organization));
      return list(call, 'OrganizationalUnits', units, (unit) => showUnit(call, unit));
    },
  },

  ListChildren: {
    input: {
      ParentId: PARENT,
      ChildType: { type: 'string', required: true, enum: ['ACCOUNT', 'ORGANIZATIONAL_UNIT'] },
      ...PAGE,
    },
    resource: 'ParentId',
    handle(call) {
      const organization = forAdministrators(call);
      const parent = parentOf(call, organization);
      const type = required(call.input, 'ChildType');
      const children = type === 'ACCOUNT' ? organization.accountsIn(parent) : organization.unitsIn(parent);
      return list<Account | Unit>(call, 'Children', children, ({ id }) => ({ Id: id, Type: type }));
    },
  },

  ListParents: {
    input: { ChildId: { type: 'string', required: true, max: 100, pattern: CHILD_ID }, ...PAGE },
    resource: 'ChildId',
    handle(call) {
      const organization = forAdministrators(call);
      const id = required(call.input, 'ChildId');
      const child = organization.account(id) ?? organization.unit(id);
      if (!child) throw failure('ChildNotFoundException', "You specified a child that doesn't exist.");
      return list(call, 'Parents', [child.parentId], (parent) => ({
        Id: parent,
        Type: parent === organization.scenario.root.id ? 'ROOT' : 'ORGANIZATIONAL_UNIT',
      }));
    },
  },

  DescribeAccount: {
    input: { AccountId: ACCOUNT_ID },
    resource: 'AccountId',
    handle(call) {
      const account = forAdministrators(call).account(required(call.input, 'AccountId'));
      if (!account) throw failure('AccountNotFoundException', "You specified an account that doesn't exist.");
      return { Account: showAccount(call, account) };
    },
  },

  DescribeOrganizationalUnit: {
    input: {
      OrganizationalUnitId: {
        type: 'string',
        required: true,
        max: 68,
        pattern: /^(?:ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
      },
    },
    resource: 'OrganizationalUnitId',
    handle(call) {
      const unit = forAdministrators(call).unit(required(call.input, 'OrganizationalUnitId'));
      if (!unit) {
        throw failure(
          'OrganizationalUnitNotFoundException',
          "You specified an organizational unit that doesn't exist.",
        );
      }
      return { OrganizationalUnit: showUnit(call, unit) };
    },
  },

  ListTagsForResource: {
    input: {
      ResourceId: { type: 'string', required: true, max: 130, pattern: TAGGABLE_ID },
      ...NEXT_TOKEN,
    },
    resource: 'ResourceId',
    handle(call) {
      const tags = forAdministrators(call).tagsOf(required(call.input, 'ResourceId'));
      if (!tags) throw failure('TargetNotFoundException', "You specified a target that doesn't exist.");
      return list(call, 'Tags', Object.entries(tags), ([key, value]) => ({ Key: key, Value: value }));
    },
  },
};
