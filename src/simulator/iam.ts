import type { Call, Operation, Rights, Service } from './call.js';
import type { AwsError } from './errors.js';
import { matches } from './glob.js';
import { text } from './input.js';
import type { ActionRule } from './scenario.js';

/** The denial of IAM in AWS's words, or undefined where the caller may. */
export function findDenial(call: Call, service: Service, operation: Operation): AwsError | undefined {
  if (operation.needsNoPermission) return undefined;
  const resourceId = operation.resource === undefined ? undefined : text(call.input, operation.resource);
  const resourceArn = service.resourceArn?.(call, resourceId) ?? '*';
  const asked = { call, resourceId, resourceArn };
  const denied = (rights: Rights) => rights.denied.some((rule) => applies(rule, asked));
  const notAllowed = (rights: Rights) => rights.allowed?.some((rule) => applies(rule, asked)) === false;
  const everyone = call.world.scenario;
  if (denied(everyone) || denied(call.caller) || notAllowed(everyone) || notAllowed(call.caller)) {
    return service.errors.denied(denialMessage(call, resourceArn));
  }
  return undefined;
}

/** The form that CloudTrail records show for Organizations, with the resource named. */
export function denialMessage(call: Call, resourceArn: string): string {
  return `User: ${call.caller.arn} is not authorized to perform: ${call.operation} on resource: ${resourceArn} because no identity-based policy allows the ${call.operation} action`;
}

interface Asked {
  readonly call: Call;
  readonly resourceId: string | undefined;
  readonly resourceArn: string;
}

function applies(rule: ActionRule, { call, resourceId, resourceArn }: Asked): boolean {
  if (typeof rule === 'string') return matches(rule, call.operation);
  return (
    matches(rule.action, call.operation) &&
    (rule.region === undefined || rule.region === call.region) &&
    (rule.account === undefined || rule.account === call.caller.accountId) &&
    (rule.resource === undefined ||
      matches(rule.resource, resourceArn) ||
      (resourceId !== undefined && matches(rule.resource, resourceId)))
  );
}
