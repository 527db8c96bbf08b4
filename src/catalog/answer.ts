import type { DelegationMethod, DelegationService } from './service.js';

/** Where the administrators of a service by one method are read. */
export interface AdministratorAnswer {
  method: DelegationMethod;
  /** Null where no table tells; then there is a `reason`. */
  tableName: string | null;
  /** IAM actions that read it; none where nothing does. */
  readActions: readonly string[];
  /** Where it is asked: in each enabled Region that has the service, in one for the whole organization, or not at all. */
  regions: 'each' | 'one' | 'none';
  /** Why no table tells, and what does instead. */
  reason: string | null;
}

/** One answer per method of a service, in the order of its methods; none for what cannot be delegated. */
export function administratorAnswersOf(service: DelegationService): AdministratorAnswer[] {
  return service.methods.map((method) => answerOf(service, method));
}

function answerOf(service: DelegationService, method: DelegationMethod): AdministratorAnswer {
  const once = { method, regions: 'one', reason: null } as const;
  if (method === 'organizations') {
    return {
      ...once,
      tableName: 'aws_organizations_delegated_services',
      readActions: ['organizations:ListDelegatedAdministrators', 'organizations:ListDelegatedServicesForAccount'],
    };
  }
  const { adminTableName, listAdminAction, methods, isRegional } = service;
  if (method === 'resource_policy') {
    return {
      ...once,
      tableName: 'aws_organization_resource_policy_statements',
      readActions: ['organizations:DescribeResourcePolicy'],
    };
  }
  if (adminTableName !== null && listAdminAction !== null) {
    return {
      method,
      tableName: adminTableName,
      readActions: [listAdminAction],
      regions: isRegional === false ? 'one' : 'each',
      reason: null,
    };
  }
  const elsewhere = methods.includes('organizations')
    ? 'aws_organizations_delegated_services tells it by principal'
    : 'its administrators are not read';
  const why =
    listAdminAction === null ? 'no list call' : `the AWS SDK for JavaScript has no client for ${listAdminAction}`;
  return { method, tableName: null, readActions: [], regions: 'none', reason: `${why}: ${elsewhere}` };
}
