import type { Service } from '../call.js';
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
