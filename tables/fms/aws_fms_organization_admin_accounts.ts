import {
  GetAdminAccountCommand,
  GetAdminScopeCommand,
  paginateListAdminAccountsForOrganization as paginate,
  type AdminAccountSummary,
  type GetAdminAccountResponse,
  type GetAdminScopeResponse,
} from '@aws-sdk/client-fms';
import { boolean, collect, defineTable, json, text, type ReadContext, type Reading } from '../../src/schema/index.js';

interface Administrator extends AdminAccountSummary {
  RoleStatus?: GetAdminAccountResponse['RoleStatus'];
  AdminScope?: GetAdminScopeResponse['AdminScope'];
  ScopeStatus?: GetAdminScopeResponse['Status'];
}

/** AWS allows ten: https://docs.aws.amazon.com/waf/latest/developerguide/fms-limits.html */
const listed: Reading<AdminAccountSummary[]> = {
  name: 'Firewall Manager administrators',
  permissions: ['fms:ListAdminAccountsForOrganization'],
  read: (context) => collect(summaries(context)),
};

async function* summaries({ fms }: ReadContext): AsyncIterable<AdminAccountSummary> {
  for await (const page of paginate({ client: fms }, {})) yield* page.AdminAccounts ?? [];
}

/** The first administrator, which older organizations know as the only one. */
const byDefault: Reading<GetAdminAccountResponse> = {
  name: 'Firewall Manager default administrator',
  permissions: ['fms:GetAdminAccount'],
  read: ({ fms }) => fms.send(new GetAdminAccountCommand({})),
};

/** https://docs.aws.amazon.com/fms/2018-01-01/APIReference/API_AssociateAdminAccount.html: asked in one Region only. */
export const fmsOrganizationAdminAccounts = defineTable<Administrator>()({
  name: 'aws_fms_organization_admin_accounts',
  description: 'The Firewall Manager administrators of the organization, default and scoped, with their scope.',
  source: 'https://docs.aws.amazon.com/fms/2018-01-01/APIReference/API_ListAdminAccountsForOrganization.html',
  permissions: ['fms:ListAdminAccountsForOrganization', 'fms:GetAdminAccount', 'fms:GetAdminScope'],
  globalService: 'firewall-manager',
  primaryKey: ['account_id', 'region', 'admin_account_id'],
  columns: {
    admin_account_id: text('AdminAccount', 'Account ID of the administrator.'),
    default_admin: boolean(
      'DefaultAdmin',
      'True for the default administrator, which is one without a scope of its own.',
    ),
    admin_status: text('Status', 'ONBOARDING, ONBOARDING_COMPLETE, OFFBOARDING or OFFBOARDING_COMPLETE.'),
    role_status: text('RoleStatus', 'State of the default administrator as GetAdminAccount gives it, such as READY.'),
    admin_scope: json('AdminScope', 'Accounts, OUs, Regions and policy types that it may administer.'),
    scope_status: text('ScopeStatus', 'Status that GetAdminScope gives.'),
  },
  async *list(context) {
    const administrators = (await context.tryToUse(listed)) ?? [];
    const first = await context.tryToUse(byDefault);
    for (const administrator of administrators) {
      const isFirst = administrator.AdminAccount === first?.AdminAccount;
      yield { ...administrator, ...(isFirst && { RoleStatus: first?.RoleStatus }) };
    }
    // The list names those who are "onboarded": the default administrator may not be so far, or no more.
    const isListed = administrators.some(({ AdminAccount }) => AdminAccount === first?.AdminAccount);
    if (first?.AdminAccount !== undefined && !isListed) {
      yield { AdminAccount: first.AdminAccount, DefaultAdmin: true, RoleStatus: first.RoleStatus };
    }
    // Without a default administrator in the list one may be missing: it then ends as GetAdminAccount did.
    if (!administrators.some(({ DefaultAdmin }) => DefaultAdmin)) await context.use(byDefault);
  },
  detail: {
    scopeColumn: 'admin_account_id',
    scope: ({ AdminAccount }) => AdminAccount ?? '',
    async read({ fms }, { AdminAccount }) {
      const { AdminScope, Status } = await fms.send(new GetAdminScopeCommand({ AdminAccount }));
      return { AdminScope, ScopeStatus: Status };
    },
  },
});
