import type { Call, MemberRule, Operation, Output, Problem, Service } from '../call.js';
import { grants } from '../delegation_policy.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { required, text } from '../input.js';
import type { Account, Organization, Policy, Target, Unit } from '../organization.js';
import { page } from '../pages.js';
import { awsJson11 } from '../protocols.js';
import { organizationsRegion } from '../regions.js';
import { POLICY_TYPES } from '../schema/organization.js';

// Members, patterns, limits and error names: botocore, organizations 2016-11-28. The model's patterns are meant for
// the whole value, so they are anchored around all alternatives here.
const PARENT_ID = /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/;
const CHILD_ID = /^(?:\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/;
const TARGET_ID = /^(?:r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/;
const TAGGABLE_ID =
  /^(?:r-[0-9a-z]{4,32}|\d{12}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|p-[0-9a-zA-Z_]{8,128}|rp-[0-9a-zA-Z_]{4,128}|rt-[0-9a-zA-Z_]{8,32})$/;

const NEXT_TOKEN = { NextToken: { type: 'string', max: 100_000 } } as const;
const PAGE = { ...NEXT_TOKEN, MaxResults: { type: 'integer', min: 1, max: 20 } } as const;
const ACCOUNT_ID: MemberRule = { type: 'string', required: true, pattern: /^(?:\d{12})$/ };
const PARENT: MemberRule = { type: 'string', required: true, max: 100, pattern: PARENT_ID };
const POLICY_ID: MemberRule = {
  type: 'string',
  required: true,
  max: 130,
  pattern: /^(?:p-[0-9a-zA-Z_]{8,128})$/,
  reason: 'INVALID_SYNTAX_POLICY_ID',
};
const POLICY_TYPE: MemberRule = {
  type: 'string',
  required: true,
  enum: POLICY_TYPES,
  reason: 'INVALID_ENUM_POLICY_TYPE',
};

function failure(code: string, message: string, fields?: Record<string, string>): AwsError {
  // The model gives these errors no status of their own: 400, as the API reference prints it for each.
  return new AwsError(code, 400, message, fields);
}

const NOT_IN_USE = 'Your account is not a member of an organization.';

function accessDenied(): AwsError {
  // What a member account reads for an operation that belongs to the management account, e.g.
  // https://github.com/aws-samples/aws-iam-access-key-auto-rotation/issues/10
  return failure('AccessDeniedException', "You don't have permissions to access this resource.");
}

/** The organization of the caller. */
function organizationOf(call: Call): Organization {
  const { organization } = call.world;
  if (!organization?.account(call.caller.accountId)) throw failure('AWSOrganizationsNotInUseException', NOT_IN_USE);
  return organization;
}

/** "Only from the management account or a member account that is a delegated administrator", or by delegation policy. */
function forAdministrators(call: Call): Organization {
  const organization = organizationOf(call);
  const { accountId } = call.caller;
  const isAdministrator = organization.management.id === accountId || organization.delegate(accountId) !== undefined;
  if (!isAdministrator && !grants(call, organization)) throw accessDenied();
  return organization;
}

/** Operations of the service integration declare ConstraintViolationException for this case. */
function withAllFeatures(call: Call): Organization {
  const organization = forAdministrators(call);
  if (organization.scenario.feature_set !== 'ALL') {
    throw failure(
      'ConstraintViolationException',
      'You attempted to perform an operation that requires the organization to be configured to support all features.',
      { Reason: 'ORGANIZATION_NOT_IN_ALL_FEATURES_MODE' },
    );
  }
  return organization;
}

function invalidPageToken(): AwsError {
  return failure('InvalidInputException', 'You specified an invalid value for NextToken.', {
    // The model's enum has no other reason for it; its text says INVALID_PAGINATION_TOKEN.
    Reason: 'INVALID_NEXT_TOKEN',
  });
}

function list<Item>(call: Call, member: string, all: readonly Item[], show: (item: Item) => unknown): Output {
  const { MaxResults } = call.input;
  const { items, nextToken } = page(call, all, {
    size: typeof MaxResults === 'number' ? MaxResults : 20,
    nextToken: text(call.input, 'NextToken'),
    invalid: invalidPageToken,
  });
  return { [member]: items.map(show), ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
}

/** Status, to be retired, knows three values; a CLOSED account shows SUSPENDED there. */
const STATUS = {
  PENDING_ACTIVATION: undefined,
  ACTIVE: 'ACTIVE',
  SUSPENDED: 'SUSPENDED',
  PENDING_CLOSURE: 'PENDING_CLOSURE',
  CLOSED: 'SUSPENDED',
} as const;

function showMember(call: Call, account: Account): Output {
  const { scenario } = account;
  const { omit_paths: isOld, omit_status: isNew } = call.world.scenario;
  return {
    Id: account.id,
    Arn: account.arn,
    Email: account.email,
    Name: scenario.name,
    ...(isNew ? {} : { Status: STATUS[scenario.state] }),
    ...(isOld ? {} : { State: scenario.state }),
    JoinedMethod: scenario.joined_method,
    JoinedTimestamp: scenario.joined,
  };
}

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

function showPolicy({ id, arn, scenario }: Policy): Output {
  return {
    Id: id,
    Arn: arn,
    Name: scenario.name,
    Description: scenario.description,
    Type: scenario.type,
    AwsManaged: scenario.aws_managed,
  };
}

function showTarget({ id, arn, name, type }: Target): Output {
  return { TargetId: id, Arn: arn, Name: name, Type: type };
}

function parentOf(call: Call, organization: Organization): string {
  const id = required(call.input, 'ParentId');
  if (!organization.isParent(id)) throw failure('ParentNotFoundException', "You specified parent that doesn't exist.");
  return id;
}

/** Organizations with consolidated billing only have no policies, so none of AWS's own either. */
function policiesOf(organization: Organization): readonly Policy[] {
  return organization.scenario.feature_set === 'ALL' ? organization.policies : [];
}

function policyOf(call: Call, organization: Organization): Policy {
  const policy = organization.policy(required(call.input, 'PolicyId'));
  if (!policy || !policiesOf(organization).includes(policy)) {
    throw failure('PolicyNotFoundException', "We can't find a policy with the PolicyId that you specified.");
  }
  return policy;
}

const operations: Record<string, Operation> = {
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

  ListPolicies: {
    input: { Filter: POLICY_TYPE, ...PAGE },
    handle(call) {
      const type = required(call.input, 'Filter');
      const policies = policiesOf(forAdministrators(call)).filter((policy) => policy.scenario.type === type);
      return list(call, 'Policies', policies, showPolicy);
    },
  },

  DescribePolicy: {
    input: { PolicyId: POLICY_ID },
    resource: 'PolicyId',
    handle(call) {
      const policy = policyOf(call, forAdministrators(call));
      return { Policy: { PolicySummary: showPolicy(policy), Content: policy.content } };
    },
  },

  ListTargetsForPolicy: {
    input: { PolicyId: POLICY_ID, ...PAGE },
    resource: 'PolicyId',
    handle(call) {
      const organization = forAdministrators(call);
      return list(call, 'Targets', organization.targetsOf(policyOf(call, organization)), showTarget);
    },
  },

  ListPoliciesForTarget: {
    input: {
      TargetId: { type: 'string', required: true, max: 100, pattern: TARGET_ID, reason: 'INVALID_PATTERN_TARGET_ID' },
      Filter: POLICY_TYPE,
      ...PAGE,
    },
    resource: 'TargetId',
    handle(call) {
      const organization = forAdministrators(call);
      const id = required(call.input, 'TargetId');
      const type = required(call.input, 'Filter');
      if (!organization.targetExists(id)) {
        throw failure('TargetNotFoundException', "You specified a target that doesn't exist.");
      }
      const attached = policiesOf(organization).filter(
        (policy) => policy.scenario.type === type && organization.isAttached(policy, id),
      );
      return list(call, 'Policies', attached, showPolicy);
    },
  },

  ListAWSServiceAccessForOrganization: {
    input: PAGE,
    handle: (call) =>
      list(call, 'EnabledServicePrincipals', withAllFeatures(call).scenario.service_access, (access) => ({
        ServicePrincipal: access.service_principal,
        DateEnabled: access.enabled,
      })),
  },

  ListDelegatedAdministrators: {
    input: {
      ServicePrincipal: { type: 'string', min: 1, max: 128, pattern: /^(?:[\w+=,.@-]*)$/ },
      ...PAGE,
    },
    handle(call) {
      const principal = text(call.input, 'ServicePrincipal');
      const { delegates } = withAllFeatures(call);
      const found =
        principal === undefined
          ? delegates
          : delegates.filter(({ services }) => services.some((service) => service.principal === principal));
      return list(call, 'DelegatedAdministrators', found, (delegate) => ({
        ...showMember(call, delegate.account),
        DelegationEnabledDate: delegate.since,
      }));
    },
  },

  ListDelegatedServicesForAccount: {
    input: { AccountId: ACCOUNT_ID, ...PAGE },
    resource: 'AccountId',
    handle(call) {
      const organization = withAllFeatures(call);
      const id = required(call.input, 'AccountId');
      if (!organization.account(id)) {
        throw failure('AccountNotFoundException', "You specified an account that doesn't exist.");
      }
      const delegate = organization.delegate(id);
      if (!delegate) {
        throw failure(
          'AccountNotRegisteredException',
          'The provided account is not a registered delegated administrator for your organization.',
        );
      }
      return list(call, 'DelegatedServices', delegate.services, ({ principal, since }) => ({
        ServicePrincipal: principal,
        DelegationEnabledDate: since,
      }));
    },
  },

  DescribeResourcePolicy: {
    input: {},
    handle(call) {
      const organization = withAllFeatures(call);
      const policy = organization.scenario.resource_policy;
      if (!policy) {
        throw failure(
          'ResourcePolicyNotFoundException',
          "We can't find a resource policy request with the parameter that you specified.",
        );
      }
      const { content } = policy;
      return {
        ResourcePolicy: {
          ResourcePolicySummary: { Id: policy.id, Arn: organization.resourcePolicyArn },
          Content: typeof content === 'string' ? content : JSON.stringify(content),
        },
      };
    },
  },

  ListHandshakesForOrganization: {
    input: {
      Filter: {
        type: 'structure',
        members: {
          ActionType: {
            type: 'string',
            enum: [
              'INVITE',
              'ENABLE_ALL_FEATURES',
              'APPROVE_ALL_FEATURES',
              'ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE',
              'TRANSFER_RESPONSIBILITY',
            ],
          },
          ParentHandshakeId: { type: 'string', max: 34, pattern: /^(?:h-[0-9a-z]{8,32})$/ },
        },
      },
      ...PAGE,
    },
    handle(call) {
      const organization = forAdministrators(call);
      const filter = (call.input['Filter'] ?? {}) as { ActionType?: string; ParentHandshakeId?: string };
      if (filter.ActionType !== undefined && filter.ParentHandshakeId !== undefined) {
        throw failure('InvalidInputException', 'You can specify only one filter parameter for the operation.', {
          Reason: 'MAX_FILTER_LIMIT_EXCEEDED',
        });
      }
      const found = organization.scenario.handshakes.filter(
        (handshake) =>
          (filter.ActionType === undefined || filter.ActionType === handshake.action) &&
          (filter.ParentHandshakeId === undefined || filter.ParentHandshakeId === handshake.parent_handshake_id),
      );
      return list(call, 'Handshakes', found, (handshake) => ({
        Id: handshake.id,
        Arn: organization.handshakeArn(handshake),
        Parties: handshake.parties,
        State: handshake.state,
        RequestedTimestamp: handshake.requested,
        ExpirationTimestamp: handshake.expires,
        Action: handshake.action,
        Resources: handshake.resources,
      }));
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

  ListCreateAccountStatus: {
    input: {
      States: {
        type: 'list',
        item: { type: 'string', enum: ['IN_PROGRESS', 'SUCCEEDED', 'FAILED'], reason: 'INVALID_LIST_MEMBER' },
      },
      ...PAGE,
    },
    handle(call) {
      const states = call.input['States'] as readonly string[] | undefined;
      const found = forAdministrators(call).scenario.create_account_statuses.filter(
        ({ state }) => states === undefined || states.length === 0 || states.includes(state),
      );
      return list(call, 'CreateAccountStatuses', found, (status) => ({
        Id: status.id,
        AccountName: status.account_name,
        State: status.state,
        RequestedTimestamp: status.requested,
        CompletedTimestamp: status.completed,
        AccountId: status.account_id,
        FailureReason: status.failure_reason,
      }));
    },
  },
};

/** Reasons and sentences: InvalidInputException in the model. */
function invalid({ member, constraint, rule }: Problem): AwsError {
  if (constraint === 'type') {
    return new AwsError('SerializationException', 400, `The member ${member} must be of type ${rule.type}.`);
  }
  const [reason, message] = {
    required: ['INPUT_REQUIRED', 'You must include a value for all required parameters.'],
    pattern: [rule.reason ?? 'INVALID_PATTERN', 'You provided a value that does not match the required pattern.'],
    enum: [rule.reason ?? 'INVALID_ENUM', 'You specified an invalid value.'],
    min: ['MIN_VALUE_EXCEEDED', 'You provided a numeric parameter that has a smaller value than allowed.'],
    max: ['MAX_VALUE_EXCEEDED', 'You provided a numeric parameter that has a larger value than allowed.'],
    min_length: ['MIN_LENGTH_EXCEEDED', 'You provided a string parameter that is shorter than allowed.'],
    max_length: ['MAX_LENGTH_EXCEEDED', 'You provided a string parameter that is longer than allowed.'],
  }[constraint] as [string, string];
  return failure('InvalidInputException', message, { Reason: reason });
}

export const organizations: Service = {
  name: 'organizations',
  protocol: awsJson11('AWSOrganizationsV20161128'),
  operations,
  homeRegion: ({ partition }) => organizationsRegion(partition),
  errors: {
    denied: (message) => failure('AccessDeniedException', message),
    // https://github.com/awslabs/aws-deployment-framework/issues/788; a 400, see aws/aws-sdk-js#2135.
    throttled: () =>
      failure(
        'TooManyRequestsException',
        'You have sent too many requests in too short a period of time. Try again later.',
      ),
    // The only one that the model marks as a fault of the server.
    serverError: () =>
      new AwsError(
        'ServiceException',
        500,
        "AWS Organizations can't complete your request because of an internal service error. Try again later.",
      ),
    ...frontEndErrors('json'),
    invalid,
    invalidPageToken,
  },
  resourceArn: ({ world }, id) => (id === undefined ? '*' : (world.organization?.arnOf(id) ?? '*')),
  // "Throttling limits" of the Organizations quotas page: requests per second, burst.
  rates: {
    DescribeOrganization: { account: [1, 2] },
    ListRoots: { account: [1, 2], organization: [1, 3] },
    ListAccounts: { account: [8, 12], organization: [9, 15] },
    ListAccountsForParent: { account: [5, 8], organization: [6, 10] },
    ListOrganizationalUnitsForParent: { account: [5, 8], organization: [6, 10] },
    ListChildren: { account: [6, 10], organization: [7, 12] },
    ListParents: { account: [5, 8], organization: [6, 10] },
    DescribeAccount: { account: [20, 30], organization: [24, 36] },
    DescribeOrganizationalUnit: { account: [2, 2], organization: [2, 3] },
    ListPolicies: { account: [5, 8], organization: [6, 10] },
    DescribePolicy: { account: [2, 2], organization: [2, 3] },
    ListTargetsForPolicy: { account: [5, 8], organization: [6, 10] },
    ListPoliciesForTarget: { account: [5, 8], organization: [6, 10] },
    ListAWSServiceAccessForOrganization: { account: [1, 3], organization: [1, 4] },
    ListDelegatedAdministrators: { account: [5, 8], organization: [6, 10] },
    ListDelegatedServicesForAccount: { account: [1, 3], organization: [1, 4] },
    ListHandshakesForOrganization: { account: [5, 8], organization: [6, 10] },
    ListCreateAccountStatus: { account: [5, 8], organization: [6, 10] },
    ListTagsForResource: { account: [10, 15], organization: [12, 18] },
  },
};
