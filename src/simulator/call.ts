import type { AwsError } from './errors.js';
import type { Organization } from './organization.js';
import type { ActionRule, Scenario } from './scenario.js';

export interface Rights {
  readonly denied: readonly ActionRule[];
  readonly allowed?: readonly ActionRule[] | undefined;
}

/** Who signed the request. */
export interface Caller extends Rights {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

/** Temporary credentials that AssumeRole gave out. */
export interface Session extends Rights {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
  readonly sessionToken: string;
  /** In milliseconds since 1970. */
  readonly endsAt: number;
}

/** Everything an operation can see; a new scenario is a new world, the sessions stay. */
export interface World {
  readonly scenario: Scenario;
  readonly organization: Organization | null;
  readonly sessions: Map<string, Session>;
}

export type Input = Readonly<Record<string, unknown>>;
export type Output = Record<string, unknown>;

export interface Call {
  readonly world: World;
  readonly caller: Caller;
  readonly region: string;
  /** `organizations:ListAccounts` */
  readonly operation: string;
  readonly input: Input;
  readonly accessKeyId: string;
  /** X-Amz-Date; undefined where the request has none. */
  readonly signedAt: Date | undefined;
  /** Empty pages that the fault `empty_pages` has put in front of the one that is asked for. */
  readonly emptyPages: number;
}

/** What is wrong with one member of the input, in the words of the model's constraints. */
export interface Problem {
  readonly member: string;
  readonly value: unknown;
  readonly constraint: 'required' | 'type' | 'pattern' | 'enum' | 'min' | 'max' | 'min_length' | 'max_length';
  readonly rule: MemberRule;
}

export interface MemberRule {
  /** A timestamp is seconds since 1970. */
  readonly type: 'string' | 'integer' | 'boolean' | 'timestamp' | 'list' | 'structure';
  readonly required?: boolean;
  readonly pattern?: RegExp;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Of a list. */
  readonly item?: MemberRule;
  /** Of a structure. */
  readonly members?: Readonly<Record<string, MemberRule>>;
  /** AWS's Reason where a pattern does not fit, if it has an own one. */
  readonly reason?: string;
}

export interface Operation {
  readonly input: Readonly<Record<string, MemberRule>>;
  /** Only for REST services; `{Member}` is one part of the path, `{Member+}` all that follows. */
  readonly http?: { readonly method: string; readonly path: string };
  /** Where a service has operations that word their errors in another way. */
  readonly errors?: Partial<ServiceErrors>;
  /** Member of the input that names the resource for IAM. */
  readonly resource?: string;
  /** Works without any permission. */
  readonly needsNoPermission?: boolean;
  handle(call: Call): Output;
}

/** The errors that each service words in its own way. */
export interface ServiceErrors {
  denied(message: string): AwsError;
  throttled(): AwsError;
  serverError(): AwsError;
  unknownOperation(name: string): AwsError;
  missingAuthentication(): AwsError;
  invalidToken(): AwsError;
  wrongRegion(): AwsError;
  expiredCredentials(): AwsError;
  /** The clock of whoever signed is too far from ours. */
  skewed(message: string): AwsError;
  invalid(problem: Problem): AwsError;
  invalidPageToken(): AwsError;
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The connection ends in the middle of the body. */
  readonly isCut?: boolean;
  /** The body comes in pieces, this long after each other; an endless one goes on with white space after its end. */
  readonly drip?: { readonly pauseMs: number; readonly isEndless: boolean };
}

export interface Protocol {
  /** The name of the operation (null: there is none) and its input, or an AwsError. */
  read(request: RawRequest, service: Service): { name: string | null; asked: string; input: Input };
  write(output: Output, operation: string, requestId: string): Reply;
  fail(error: AwsError, requestId: string): Reply;
}

/** Requests per second and burst, for one account and for the whole organization. */
export interface Rate {
  readonly account: readonly [number, number];
  readonly organization?: readonly [number, number];
  /** True where each Region counts by itself. */
  readonly isPerRegion?: boolean;
}

export interface Service {
  /** The name in the credential scope. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly errors: ServiceErrors;
  /** Set where the service has one endpoint per partition; undefined in a partition that does not have the service. */
  homeRegion?(scenario: Scenario): string | undefined;
  /** True where the service does not exist; nothing over HTTP is like a host that is not there, so the connection ends. */
  isAbsent?(scenario: Scenario, region: string): boolean;
  readonly rates?: Readonly<Record<string, Rate>>;
  /** The ARN that IAM messages show; `*` where AWS knows no resource. */
  resourceArn?(call: Call, resourceId: string | undefined): string;
}
