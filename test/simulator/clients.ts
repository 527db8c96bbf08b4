import { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import { AuditManagerClient } from '@aws-sdk/client-auditmanager';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { DetectiveClient } from '@aws-sdk/client-detective';
import { EC2Client } from '@aws-sdk/client-ec2';
import { FMSClient } from '@aws-sdk/client-fms';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { IAMClient } from '@aws-sdk/client-iam';
import { Inspector2Client } from '@aws-sdk/client-inspector2';
import { Macie2Client } from '@aws-sdk/client-macie2';
import { NetworkManagerClient } from '@aws-sdk/client-networkmanager';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { SecurityLakeClient } from '@aws-sdk/client-securitylake';
import { STSClient } from '@aws-sdk/client-sts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/index.js';

export const MANAGEMENT = '111122223333';

interface Identity {
  readonly account?: string;
  readonly region?: string;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** The real SDK clients, without retries, so that each answer is seen once. */
export function clients(
  simulator: Simulator,
  { account = MANAGEMENT, region = 'us-east-1', credentials }: Identity = {},
) {
  const config = {
    endpoint: simulator.url,
    region,
    maxAttempts: 1,
    credentials: credentials ?? { accessKeyId: `AKIA${account}TEST`, secretAccessKey: 'any' },
  };
  return {
    organizations: new OrganizationsClient(config),
    guardduty: new GuardDutyClient(config),
    securityhub: new SecurityHubClient(config),
    macie2: new Macie2Client(config),
    detective: new DetectiveClient(config),
    inspector2: new Inspector2Client(config),
    auditmanager: new AuditManagerClient(config),
    fms: new FMSClient(config),
    sts: new STSClient(config),
    ec2: new EC2Client(config),
    cloudtrail: new CloudTrailClient(config),
    iam: new IAMClient(config),
    networkmanager: new NetworkManagerClient(config),
    accessanalyzer: new AccessAnalyzerClient(config),
    config: new ConfigServiceClient(config),
    securitylake: new SecurityLakeClient(config),
  };
}

/** What an SDK error says, in a form that can be compared. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly reason: string | undefined;
}

export async function failure(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (caught) {
    const error = caught as Error & { $metadata?: { httpStatusCode?: number }; Reason?: string };
    return {
      name: error.name,
      message: error.message,
      status: error.$metadata?.httpStatusCode,
      reason: error.Reason,
    };
  }
  throw new Error('the request was answered, but an error was expected');
}

export async function withSimulator<Result>(
  options: SimulatorOptions,
  use: (simulator: Simulator) => Promise<Result>,
): Promise<Result> {
  const simulator = await startSimulator(options);
  try {
    return await use(simulator);
  } finally {
    await simulator.close();
  }
}

/** A signed request as far as the simulator looks at it. */
export function signed(service: string, { account = MANAGEMENT, region = 'us-east-1' } = {}): Record<string, string> {
  const scope = `AKIA${account}TEST/20261123/${region}/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  };
}
