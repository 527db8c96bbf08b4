import type { Service } from '../call.js';
import { KINDS_FOR_PAGES } from '../faults.js';
import { hasPages } from '../pages.js';
import type { FaultKind } from '../schema/faults.js';
import { accessanalyzer } from './accessanalyzer.js';
import { auditmanager } from './auditmanager.js';
import { cloudtrail } from './cloudtrail.js';
import { config } from './config.js';
import { detective } from './detective.js';
import { ec2 } from './ec2.js';
import { fms } from './fms.js';
import { guardduty } from './guardduty.js';
import { iam } from './iam.js';
import { inspector2 } from './inspector2.js';
import { macie2 } from './macie2.js';
import { networkmanager } from './networkmanager.js';
import { organizations } from './organizations.js';
import { securityhub } from './securityhub.js';
import { securitylake } from './securitylake.js';
import { sts } from './sts.js';

/** A new service is a file like its neighbours and a line here. */
export const SERVICES: readonly Service[] = [
  organizations,
  accessanalyzer,
  auditmanager,
  cloudtrail,
  config,
  detective,
  ec2,
  fms,
  guardduty,
  iam,
  inspector2,
  macie2,
  networkmanager,
  securityhub,
  securitylake,
  sts,
];

/**
 * Whether a fault can make a difference to an operation (`organizations:ListAccounts`); where it cannot, the answer is the usual
 * one. What concerns tokens and pages needs an operation that has pages.
 *
 * @throws {Error} for an operation that the simulator does not have.
 */
export function faultApplies(kind: FaultKind, operation: string): boolean {
  const [prefix = '', name = ''] = operation.split(':');
  const known = SERVICES.find((service) => service.name === prefix)?.operations[name];
  if (!known) throw new Error(`the simulator has no operation ${operation}`);
  return !KINDS_FOR_PAGES.includes(kind) || hasPages(known);
}
