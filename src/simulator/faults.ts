import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Output, Reply, Service } from './call.js';
import { AwsError } from './errors.js';
import { matches } from './glob.js';
import { denialMessage } from './iam.js';
import { anyToken } from './pages.js';
import type { Fault } from './scenario.js';

export interface ActiveFault {
  readonly fault: Fault;
  /** Requests that it answered. */
  hits: number;
  /** Requests that it let through because of `after`. */
  passed: number;
}

export class Faults {
  #active: ActiveFault[] = [];

  add(fault: Fault): ActiveFault {
    const active = { fault, hits: 0, passed: 0 };
    this.#active.push(active);
    return active;
  }

  remove(active: ActiveFault): void {
    this.#active = this.#active.filter((other) => other !== active);
  }

  clear(): void {
    this.#active = [];
  }

  /** The first fault that wants this request; it is counted. */
  take(call: Call): Fault | undefined {
    for (const active of this.#active) {
      const { fault } = active;
      if (!wants(fault, call)) continue;
      if (fault.times !== undefined && active.hits >= fault.times) continue;
      if (active.passed < fault.after) {
        active.passed += 1;
        continue;
      }
      active.hits += 1;
      return fault;
    }
    return undefined;
  }
}

function wants(fault: Fault, call: Call): boolean {
  return (
    matches(fault.operation, call.operation) &&
    (fault.region === undefined || fault.region === call.region) &&
    (fault.account === undefined || fault.account === call.caller.accountId) &&
    Object.entries(fault.match ?? {}).every(
      ([member, value]) => JSON.stringify(call.input[member]) === JSON.stringify(value),
    )
  );
}

/** How the connection ends where there is no answer. */
export type Broken = 'hang' | 'reset';

const PAGE_OF_A_PROXY = `<!DOCTYPE html>
<html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1><p>Your network requires you to sign in.</p></body></html>
`;

const ERROR_OF_A_PROXY = `<html><head><title>503 Service Temporarily Unavailable</title></head>
<body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>
`;

/** What goes wrong; `answer` gives the usual reply and `write` turns an output into one. */
export async function applyFault(
  fault: Fault,
  call: Call,
  service: Service,
  usual: { answer: () => Reply; output: () => Output; write: (output: Output) => Reply },
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
      const asked = call.input['NextToken'] ?? call.input['nextToken'];
      const output = usual.output();
      const member = 'nextToken' in output ? 'nextToken' : 'NextToken';
      return usual.write({ ...output, [member]: asked ?? output[member] ?? anyToken(call) });
    }
    case 'slow':
      await sleep(fault.ms ?? 1000);
      return usual.answer();
    case 'hang':
    case 'reset':
      return fault.kind;
  }
}

function reworded(error: AwsError, { code, message, status }: Fault): AwsError {
  return new AwsError(code ?? error.code, status ?? error.status, message ?? error.message, error.fields);
}
