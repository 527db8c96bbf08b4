import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
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
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Certainty } from './classify.js';
import {
  credentialsOf,
  CredentialsError,
  renewed,
  type AccountAccess,
  type CredentialProvider,
  type KeptCredentials,
} from './credentials.js';
import type { FirstAnswers } from './first_answers.js';
import { AwsReadError } from './outcome.js';
import { Road, type CallReport, type RoadOptions } from './road.js';

/** The SDK clients that tables read with. A new service is one line here and one in {@link Session.clients}. */
export interface Clients {
  organizations: OrganizationsClient;
  guardduty: GuardDutyClient;
  securityhub: SecurityHubClient;
  macie2: Macie2Client;
  detective: DetectiveClient;
  inspector2: Inspector2Client;
  auditmanager: AuditManagerClient;
  fms: FMSClient;
  cloudtrail: CloudTrailClient;
  networkmanager: NetworkManagerClient;
  iam: IAMClient;
  ec2: EC2Client;
  config: ConfigServiceClient;
  accessanalyzer: AccessAnalyzerClient;
  securitylake: SecurityLakeClient;
}

/** Where the prefix of a service's IAM actions is not what the SDK calls its client. */
const actionPrefixes: Partial<Record<keyof Clients, string>> = { accessanalyzer: 'access-analyzer' };

export interface Identity {
  /** 12 digits. */
  accountId: string;
  arn: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  partition: string;
}

export interface SessionOptions extends RoadOptions {
  access: AccountAccess;
  endpoint?: string | undefined;
  userAgent: string;
}

/** Connections that stay open from one request to the next; as many to a host as there may be requests. */
function agentsFor(concurrency: number): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  const options = { keepAlive: true, maxSockets: concurrency };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
}

/** Where nothing is left to be read out of an error. */
export const certain: Certainty = { isRegionKnownEnabled: true, isServiceKnownThere: true };

/** One account's credentials and clients. Clients are made when they are first used and shared by all tables. */
export class Session {
  readonly #road: Road;
  readonly #made = new Map<string, { destroy: () => void }>();
  readonly #config: {
    credentials: KeptCredentials;
    maxAttempts: 1;
    endpoint?: string;
    customUserAgent: string;
    requestHandler: { httpAgent: HttpAgent; httpsAgent: HttpsAgent };
  };
  /** Where sts and ec2:DescribeRegions are asked. */
  readonly homeRegion: string;

  /** Sessions that this one opened; they end with it. */
  readonly #opened: Session[] = [];

  /**
   * @param road that of another session, so that both keep to one bound of requests in flight.
   * @param credentials instead of those of `options.access`.
   */
  constructor(
    readonly options: SessionOptions,
    road = new Road(options),
    credentials?: KeptCredentials,
  ) {
    this.#road = road;
    const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
    // Docker and CI hand over a variable that nobody set as an empty one.
    this.homeRegion =
      [options.access.defaultRegion, AWS_REGION, AWS_DEFAULT_REGION].find(
        (name) => name !== undefined && name !== '',
      ) ?? 'us-east-1';
    this.#config = {
      credentials:
        credentials ?? credentialsOf(options.access, { region: this.homeRegion, endpoint: options.endpoint }),
      // The road repeats calls, so that it can count, pace and judge each try.
      maxAttempts: 1,
      customUserAgent: options.userAgent,
      requestHandler: agentsFor(options.concurrency),
      ...(options.endpoint !== undefined && { endpoint: options.endpoint }),
    };
  }

  /**
   * Who these credentials are. AWS lets every principal ask.
   *
   * @throws {CredentialsError} where there are none, or AWS does not know them.
   */
  async whoAmI(): Promise<Identity> {
    const region = this.homeRegion;
    const sts = this.#road.along(
      this.#make('sts', region, () => new STSClient({ ...this.#config, region })),
      { service: 'sts', region, certainty: certain, renewCredentials: this.#config.credentials.renew },
      () => undefined,
    );
    try {
      const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
      if (Account === undefined || Arn === undefined) throw new Error('sts:GetCallerIdentity named no account');
      return { accountId: Account, arn: Arn, partition: Arn.split(':')[1] ?? 'aws' };
    } catch (error) {
      if (!(error instanceof AwsReadError)) throw error;
      if (error.cause instanceof CredentialsError) throw error.cause;
      throw new CredentialsError(
        `sts:GetCallerIdentity in ${region} for account '${this.options.access.id}': ${error.message} (${error.code}). ` +
          'Check the credentials, their expiry, and that the endpoint of STS can be reached from here.',
        { cause: error },
      );
    }
  }

  /** Other credentials on the same road. */
  lend(access: AccountAccess): Session {
    return this.#open({ ...this.options, access });
  }

  /**
   * A role of another account, on the same road.
   *
   * @throws {AwsReadError} where the role cannot be assumed; its message names the role.
   */
  async assume(
    { arn, externalId }: { arn: string; externalId: string | undefined },
    report: (call: CallReport) => void,
  ): Promise<Session> {
    const first = await this.#assumed(arn, externalId, report, false);
    const again = (): ReturnType<CredentialProvider> => this.#assumed(arn, externalId, () => undefined, true);
    return this.#open(this.options, renewed(first, again));
  }

  async #assumed(
    arn: string,
    externalId: string | undefined,
    report: (call: CallReport) => void,
    isWithinTurn: boolean,
  ): ReturnType<CredentialProvider> {
    const region = this.homeRegion;
    const sts = this.#road.along(
      this.#make('sts', region, () => new STSClient({ ...this.#config, region })),
      { service: 'sts', region, certainty: certain, isWithinTurn, renewCredentials: this.#config.credentials.renew },
      report,
    );
    try {
      const { Credentials } = await sts.send(
        new AssumeRoleCommand({
          RoleArn: arn,
          RoleSessionName: 'aws-delegation',
          ...(externalId !== undefined && { ExternalId: externalId }),
        }),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
      if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
        throw new AwsReadError('failed', 'sts:AssumeRole', region, 'UnreadableAnswer', 'the answer has no credentials');
      }
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        ...(Expiration && { expiration: Expiration }),
      };
    } catch (error) {
      if (!(error instanceof AwsReadError)) throw error;
      throw new AwsReadError(
        error.outcome,
        error.operation,
        region,
        error.code,
        `role ${arn} cannot be assumed: ${error.message}`,
        { cause: error.cause },
      );
    }
  }

  #open(options: SessionOptions, credentials?: KeptCredentials): Session {
    const session = new Session(options, this.#road, credentials);
    this.#opened.push(session);
    return session;
  }

  /** The clients for one Region, whose calls are told to `report`. */
  clients(region: string, certainty: Certainty, report: (call: CallReport) => void, first?: FirstAnswers): Clients {
    const along = <Client extends Clients[keyof Clients]>(service: keyof Clients, make: () => Client): Client =>
      this.#road.along(
        this.#make(service, region, make),
        {
          ...{ service: actionPrefixes[service] ?? service, region, certainty, account: this },
          renewCredentials: this.#config.credentials.renew,
        },
        report,
        first,
      );
    const config = { ...this.#config, region };
    return {
      get organizations() {
        return along('organizations', () => new OrganizationsClient(config));
      },
      get guardduty() {
        return along('guardduty', () => new GuardDutyClient(config));
      },
      get securityhub() {
        return along('securityhub', () => new SecurityHubClient(config));
      },
      get macie2() {
        return along('macie2', () => new Macie2Client(config));
      },
      get detective() {
        return along('detective', () => new DetectiveClient(config));
      },
      get inspector2() {
        return along('inspector2', () => new Inspector2Client(config));
      },
      get auditmanager() {
        return along('auditmanager', () => new AuditManagerClient(config));
      },
      get fms() {
        return along('fms', () => new FMSClient(config));
      },
      get cloudtrail() {
        return along('cloudtrail', () => new CloudTrailClient(config));
      },
      get networkmanager() {
        return along('networkmanager', () => new NetworkManagerClient(config));
      },
      get iam() {
        return along('iam', () => new IAMClient(config));
      },
      get ec2() {
        return along('ec2', () => new EC2Client(config));
      },
      get config() {
        return along('config', () => new ConfigServiceClient(config));
      },
      get accessanalyzer() {
        return along('accessanalyzer', () => new AccessAnalyzerClient(config));
      },
      get securitylake() {
        return along('securitylake', () => new SecurityLakeClient(config));
      },
    };
  }

  close(): void {
    for (const session of this.#opened) session.close();
    for (const client of this.#made.values()) client.destroy();
    this.#made.clear();
  }

  #make<Client extends { destroy: () => void }>(service: string, region: string, make: () => Client): Client {
    const key = `${service} ${region}`;
    const client = (this.#made.get(key) as Client | undefined) ?? make();
    this.#made.set(key, client);
    return client;
  }
}
