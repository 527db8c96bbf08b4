import type { Service } from '../call.js';
import { ec2 } from './ec2.js';
import { guardduty } from './guardduty.js';
import { organizations } from './organizations.js';
import { sts } from './sts.js';

/** A new service is a file like its neighbours and a line here. */
export const SERVICES: readonly Service[] = [organizations, guardduty, sts, ec2];
