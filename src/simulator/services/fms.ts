import type { Call, MemberRule, Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { describeProblem, required, text } from '../input.js';
import { page } from '../pages.js';
import { awsJson11 } from '../protocols.js';
import { organizationsRegion } from '../regions.js';

/** The model gives its errors no status: 400, as the API reference prints it for each, the internal one included. */
function failure(code: string, message: string): AwsError {
  return new AwsError(code, 400, message);
}

function notFound(): AwsError {
  return failure('ResourceNotFoundException', 'The specified resource was not found.');
}

/** Neither the management account nor an administrator: https://github.com/hashicorp/terraform-provider-aws/issues/23249 */
function notDelegated({ caller }: Call): AwsError {
  return failure('AccessDeniedException', `Account: ${caller.accountId} is not currently delegated by AWS FM.`);
}

/**
 * "APIs only work in us-east-1", says https://github.com/aws-samples/aws-security-reference-architecture-examples:
 * firewall_manager_org. No source was found for the other partitions, and none for the words.
 */
function inItsRegion(call: Call): void {
  const region = organizationsRegion(call.world.scenario.partition);
  if (call.region !== region) {
    throw failure('InvalidOperationException', `Administrators can only be managed in ${region}.`);
  }
}

function isManagementAccount({ caller, world }: Call): boolean {
  return world.organization?.management.id === caller.accountId;
}

const listAdminAccountsForOrganization: Operation = {
  // Limits: botocore, fms 2018-01-01.
  input: { MaxResults: { type: 'integer', min: 1, max: 100 }, NextToken: { type: 'string', min: 1, max: 4096 } },
  handle(call) {
    const { caller, input, world } = call;
    inItsRegion(call);
    const { organization, scenario } = world;
    // "Can be called only from the organization's management account" (model); worded after AssociateAdminAccount:
    // https://github.com/crossplane-contrib/provider-upjet-aws/issues/296
    if (!isManagementAccount(call)) {
      const management = organization ? `, Organization management account is ${organization.management.id}: ` : '';
      throw failure(
        'InvalidOperationException',
        `${caller.accountId} is not the management account of the Organization${management}`,
      );
    }
    const { administrators } = scenario.fms;
    if (administrators.length === 0) throw notFound();
    const all = administrators
      .filter(({ listed }) => listed)
      .map(({ account, default: isDefault, status }) => ({
        AdminAccount: account,
        DefaultAdmin: isDefault,
        Status: status,
      }));
    const { items, nextToken } = page(call, all, {
      size: typeof input['MaxResults'] === 'number' ? input['MaxResults'] : 100,
      nextToken: text(input, 'NextToken'),
      invalid: invalidPageToken,
    });
    return { AdminAccounts: items, NextToken: nextToken };
  },
};

const getAdminAccount: Operation = {
  input: {},
  handle(call) {
    inItsRegion(call);
    const { administrators } = call.world.scenario.fms;
    if (!isManagementAccount(call) && !administrators.some(({ account }) => account === call.caller.accountId)) {
      throw notDelegated(call);
    }
    const first = administrators.find((administrator) => administrator.default);
    if (!first) throw notFound();
    return { AdminAccount: first.account, RoleStatus: first.role_status };
  },
};

const ACCOUNT_ID: MemberRule = { type: 'string', required: true, min: 1, max: 1024, pattern: /^(?:[0-9]+)$/ };

const EVERYTHING = {
  AccountScope: { Accounts: [], AllAccountsEnabled: true, ExcludeSpecifiedAccounts: false },
  OrganizationalUnitScope: {
    OrganizationalUnits: [],
    AllOrganizationalUnitsEnabled: true,
    ExcludeSpecifiedOrganizationalUnits: false,
  },
  RegionScope: { Regions: [], AllRegionsEnabled: true },
  PolicyTypeScope: { PolicyTypes: [], AllPolicyTypesEnabled: true },
};

const getAdminScope: Operation = {
  input: { AdminAccount: ACCOUNT_ID },
  handle(call) {
    inItsRegion(call);
    const asked = required(call.input, 'AdminAccount');
    if (!isManagementAccount(call) && call.caller.accountId !== asked) throw notDelegated(call);
    const administrator = call.world.scenario.fms.administrators.find(({ account }) => account === asked);
    if (!administrator) throw notFound();
    return { AdminScope: administrator.scope ?? EVERYTHING, Status: administrator.status };
  },
};

function invalidPageToken(): AwsError {
  return failure('ValidationException', 'The NextToken is not valid.');
}

export const fms: Service = {
  name: 'fms',
  protocol: awsJson11('AWSFMS_20180101'),
  operations: {
    ListAdminAccountsForOrganization: listAdminAccountsForOrganization,
    GetAdminAccount: getAdminAccount,
    GetAdminScope: getAdminScope,
  },
  errors: {
    denied: (message) => failure('AccessDeniedException', message),
    throttled: () => failure('ThrottlingException', 'Rate exceeded'),
    serverError: () => failure('InternalErrorException', 'Internal error'),
    ...frontEndErrors('json'),
    invalid: (problem: Problem) => failure('ValidationException', describeProblem(problem)),
    invalidPageToken,
  },
  isAbsent: ({ fms: { absent_regions: absent } }, region) => absent.includes(region),
};
