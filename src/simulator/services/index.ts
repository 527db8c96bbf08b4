import type { Service } from '../call.js';
import { detective } from './detective.js';
import { ec2 } from './ec2.js';
import { guardduty } from './guardduty.js';
import { macie2 } from './macie2.js';
import { organizations } from './organizations.js';
import { securityhub } from './securityhub.js';
import { sts } from './sts.js';

/** A new service is a file like its neighbours and a line here. */
export const SERVICES: readonly Service[] = [organizations, guardduty, securityhub, macie2, detective, sts, ec2];
