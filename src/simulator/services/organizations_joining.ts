import type { Operation } from '../call.js';
import { failure, forAdministrators, list, PAGE } from './organizations_requests.js';

/** Who was asked to join, and the accounts that are being made. */
export const joiningOperations: Record<string, Operation> = {
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
