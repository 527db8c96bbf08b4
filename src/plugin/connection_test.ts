import { groupedByRegion, missingActions, type ProbeResult } from '../sync/index.js';

/** In the words of CloudQuery's TestConnection. */
export interface ConnectionTest {
  success: boolean;
  /** INVALID_SPEC, UNAUTHENTICATED, UNREACHABLE, DENIED or FAILED; '' for a success. */
  failureCode: string;
  failureDescription: string;
}

export function connectionTest({ calls }: ProbeResult): ConnectionTest {
  const bad = calls.filter(({ outcome }) => outcome === 'denied' || outcome === 'failed');
  const missing = missingActions(calls);
  if (bad.length === 0) return { success: true, failureCode: '', failureDescription: '' };
  const lines = groupedByRegion(bad).map(
    ({ operation, regions: where, outcome, errorCode, message }) =>
      `- ${operation} in ${where.length > 3 ? `${where.length} Regions` : where.join(', ')}: ${outcome} (${errorCode ?? 'no code'}): ${message ?? ''}`,
  );
  return {
    success: false,
    failureCode: missing.length > 0 ? 'DENIED' : 'FAILED',
    failureDescription: [
      'Every table was tried, because this call does not tell which ones the spec chose. Not all of them can be read:',
      ...lines,
      missing.length > 0
        ? `Use the management account or a delegated administrator and allow ${missing.join(', ')}, or leave the tables that need it out of \`tables\`.`
        : 'Try again; what failed says nothing about permissions.',
    ].join('\n'),
  };
}

/** Nobody answered, or not AWS: ../aws/classify.ts has these codes. */
export const isNoAnswer = /^(E[A-Z_]+|NetworkingError|RequestTimeout|TimeoutError|UND_ERR_SOCKET|UnreadableAnswer)$/;
