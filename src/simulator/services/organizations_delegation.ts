import type { Operation } from '../call.js';
import { required, text } from '../input.js';
import { ACCOUNT_ID, failure, list, PAGE, showMember, withAllFeatures } from './organizations_requests.js';

/** Trusted access, delegated administrators and the delegation policy. */
export const delegationOperations: Record<string, Operation> = {
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
};
