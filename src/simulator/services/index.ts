import type { Service } from '../call.js';
import { auditmanager } from './auditmanager.js';
import { ec2 } from './ec2.js';
import { fms } from './fms.js';
import { guardduty } from './guardduty.js';
import { inspector2 } from './inspector2.js';
import { organizations } from './organizations.js';
import { sts } from './sts.js';

/** A new service is a file like its neighbours and a line here. */
export const SERVICES: readonly Service[] = [organizations, guardduty, inspector2, auditmanager, fms, sts, ec2];
