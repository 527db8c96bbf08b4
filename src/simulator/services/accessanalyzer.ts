import { ownerOf } from '../auth.js';
import type { Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { describeProblem, text } from '../input.js';
import { page } from '../pages.js';
import { isIn } from '../places.js';
import { restJson } from '../protocols.js';

// Members, limits and errors: botocore, accessanalyzer 2019-11-01.
const TYPES = [
  'ACCOUNT',
  'ORGANIZATION',
  'ACCOUNT_UNUSED_ACCESS',
  'ORGANIZATION_UNUSED_ACCESS',
  'ACCOUNT_INTERNAL_ACCESS',
  'ORGANIZATION_INTERNAL_ACCESS',
] as const;

/** `reason` is required in the model: what is wrong with a member, or with the request as a whole. */
function invalid(message: string, reason: 'fieldValidationFailed' | 'other'): AwsError {
  return new AwsError('ValidationException', 400, message, { reason });
}

function invalidPageToken(): AwsError {
  return invalid('The nextToken is not valid.', 'other');
}

/** Analyzers belong to the account that made them; also one of the whole organization is listed for nobody else. */
const listAnalyzers: Operation = {
  http: { method: 'GET', path: '/analyzer' },
  input: {
    nextToken: { type: 'string' },
    // The model has no bounds. 0 would page for ever, so it is refused; the size of a page without it is not documented.
    maxResults: { type: 'integer', min: 1 },
    type: { type: 'string', enum: TYPES },
  },
  handle(call) {
    const { caller, input, region, world } = call;
    const type = text(input, 'type');
    const all = world.scenario.accessanalyzer.analyzers.filter(
      (analyzer) =>
        ownerOf(world, analyzer.account) === caller.accountId &&
        isIn(analyzer, region) &&
        (type === undefined || analyzer.type === type),
    );
    const { items, nextToken } = page(call, all, {
      size: typeof input['maxResults'] === 'number' ? input['maxResults'] : 100,
      nextToken: text(input, 'nextToken'),
      invalid: invalidPageToken,
    });
    const { partition } = world.scenario;
    return {
      // No `configuration`: "the ListAnalyzers action omits it" (model). Times are ISO 8601 texts here.
      analyzers: items.map((analyzer) => ({
        arn: `arn:${partition}:access-analyzer:${region}:${caller.accountId}:analyzer/${analyzer.name}`,
        name: analyzer.name,
        type: analyzer.type,
        createdAt: analyzer.created.toISOString(),
        lastResourceAnalyzed: analyzer.last_resource_analyzed,
        lastResourceAnalyzedAt: analyzer.last_resource_analyzed_at?.toISOString(),
        tags: analyzer.tags,
        status: analyzer.status,
        statusReason: analyzer.status_reason === undefined ? undefined : { code: analyzer.status_reason },
        managedBy: analyzer.managed_by,
      })),
      nextToken,
    };
  },
};

export const accessanalyzer: Service = {
  // The name in the credential scope has a hyphen, botocore's name of the service has none.
  name: 'access-analyzer',
  protocol: restJson,
  operations: { ListAnalyzers: listAnalyzers },
  errors: {
    denied: (message) => new AwsError('AccessDeniedException', 403, message),
    throttled: () => new AwsError('ThrottlingException', 429, 'Rate exceeded'),
    serverError: () => new AwsError('InternalServerException', 500, 'Internal server error'),
    ...frontEndErrors('rest'),
    invalid: (problem: Problem) => invalid(describeProblem(problem), 'fieldValidationFailed'),
    invalidPageToken,
  },
  isAbsent: ({ accessanalyzer: { absent_regions: absent } }, region) => absent.includes(region),
};
