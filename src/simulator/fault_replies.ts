import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Output, Protocol, Reply, Service } from './call.js';
import { AwsError } from './errors.js';
import { skewMessage, type Faults } from './faults.js';
import { denialMessage } from './iam.js';
import { anyToken, tokenIn, tokenOf, tokenOfEmptyPage, withToken } from './pages.js';
import { awsJson11 } from './protocols.js';
import { awsQuery } from './query_protocols.js';
import type { Fault } from './scenario.js';

/** How the connection ends where there is no answer. */
export type Broken = 'hang' | 'reset';

/** Of a body that drips. */
const PIECES = 10;

const PAGE_OF_A_PROXY = `<!DOCTYPE html>
<html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1><p>Your network requires you to sign in.</p></body></html>
`;

const ERROR_OF_A_PROXY = `<html><head><title>503 Service Temporarily Unavailable</title></head>
<body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>
`;

export interface Usual {
  readonly answer: () => Reply;
  readonly output: () => Output;
  /** Turns an output into a reply. */
  readonly write: (output: Output) => Reply;
  /** The same in a protocol that is not the service's. */
  readonly writeForeign: (output: Output) => Reply;
}

/** What goes wrong. */
export async function applyFault(
  fault: Fault,
  call: Call,
  service: Service,
  usual: Usual,
  faults: Faults,
): Promise<Reply | Broken> {
  switch (fault.kind) {
    case 'deny':
      throw reworded(service.errors.denied(denialMessage(call, service.resourceArn?.(call, undefined) ?? '*')), fault);
    case 'throttle':
      throw reworded(service.errors.throttled(), fault);
    case 'server_error':
      throw reworded(service.errors.serverError(), fault);
    case 'error':
      throw new AwsError(fault.code ?? 'InternalFailure', fault.status ?? 400, fault.message ?? '');
    // None of these services has an error of its own for a token that is too old: it is no longer a token.
    case 'expired_token':
      throw reworded(service.errors.invalidPageToken(), fault);
    case 'expired_credentials':
      throw reworded(service.errors.expiredCredentials(), fault);
    case 'clock_skew':
      throw reworded(service.errors.skewed(skewMessage(call.signedAt ?? new Date(), fault.minutes * 60_000)), fault);
    case 'html':
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PAGE_OF_A_PROXY };
    case 'html_error':
      return { status: fault.status ?? 503, headers: { 'content-type': 'text/html' }, body: ERROR_OF_A_PROXY };
    case 'truncated': {
      const reply = usual.answer();
      return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
    }
    case 'cut':
      return { ...usual.answer(), isCut: true };
    case 'empty_object':
      return { ...usual.answer(), body: '{}' };
    case 'repeat_token': {
      const output = usual.output();
      return usual.write(withToken(output, tokenOf(call.input) ?? tokenIn(output) ?? anyToken(call)));
    }
    case 'empty_pages': {
      const output = usual.output();
      const emptied = Object.entries(output).map(([member, value]) => [member, Array.isArray(value) ? [] : value]);
      return usual.write(withToken(Object.fromEntries(emptied) as Output, tokenOfEmptyPage(call)));
    }
    case 'overlapping_pages': {
      const before = faults.lastOfPageBefore(call) ?? {};
      const output = usual.output();
      const doubled = Object.entries(output).map(([member, value]) => [
        member,
        Array.isArray(value) && member in before ? [before[member], ...(value as unknown[])] : value,
      ]);
      return usual.write(Object.fromEntries(doubled) as Output);
    }
    case 'wrong_type': {
      const reply = usual.answer();
      return { ...reply, headers: { ...reply.headers, 'content-type': fault.content_type } };
    }
    case 'other_protocol':
      return usual.writeForeign(usual.output());
    case 'drip':
      return { ...usual.answer(), drip: { pauseMs: (fault.ms ?? 500) / PIECES, isEndless: false } };
    case 'endless_drip':
      return { ...usual.answer(), drip: { pauseMs: fault.ms ?? 100, isEndless: true } };
    case 'slow':
      await sleep(fault.ms ?? 1000);
      return usual.answer();
    case 'hang':
    case 'reset':
      return fault.kind;
  }
}

/** The pieces of a body that drips. */
export function piecesOf(body: Buffer): Buffer[] {
  const size = Math.max(1, Math.ceil(body.length / PIECES));
  return Array.from({ length: Math.ceil(body.length / size) }, (_, index) =>
    body.subarray(index * size, (index + 1) * size),
  );
}

function reworded(error: AwsError, { code, message, status }: Fault): AwsError {
  return new AwsError(code ?? error.code, status ?? error.status, message ?? error.message, error.fields);
}

/** What a service never sends: XML where it speaks JSON, and JSON where it speaks XML. */
export function foreignTo(protocol: Protocol): Protocol {
  const sample = protocol.write({}, 'Sample', '').headers['content-type'] ?? '';
  return sample.includes('json') ? awsQuery('', 'https://example.com/doc/') : awsJson11('');
}
