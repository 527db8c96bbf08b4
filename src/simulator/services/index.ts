import type { Service } from '../call.js';
import { cloudtrail } from './cloudtrail.js';
import { ec2 } from './ec2.js';
import { guardduty } from './guardduty.js';
import { iam } from './iam.js';
import { networkmanager } from './networkmanager.js';
import { organizations } from './organizations.js';
import { sts } from './sts.js';

/** A new service is a file like its neighbours and a line here. */
export const SERVICES: readonly Service[] = [organizations, cloudtrail, guardduty, iam, networkmanager, sts, ec2];
