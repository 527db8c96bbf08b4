// What the page is made of, as it lies in the file. No imports: the browser's code is checked without Node's types.

export type PageStatus = 'fail' | 'unknown' | 'waived' | 'pass' | 'not_applicable';
export type PageSeverity = 'critical' | 'high' | 'medium' | 'low';
export type PageMethod = 'organizations' | 'service' | 'resource_policy';
/** `none`, `partial` and `whole` of one control for one account; as delegation.account_guardrails has them. */
export type Denial = 'whole' | 'partial' | 'none' | 'unknown' | 'not_applicable';

export interface PageData {
  /** Of the program that wrote the file. */
  readonly version: string;
  readonly packVersion: string;
  /** UTC, ISO 8601: when the rules were run. */
  readonly executedAt: string;
  readonly rules: readonly PageRule[];
  /** Ids of the rules that were run, where not all were; of the others nothing is known. */
  readonly ranOnly: readonly string[] | null;
  /** Statuses that are told one by one, where not all are; counts are of all. */
  readonly toldOnly: readonly PageStatus[] | null;
  readonly frameworks: readonly PageFramework[];
  readonly organizations: readonly PageOrganization[];
}

export interface PageRule {
  readonly id: string;
  readonly title: string;
  readonly severity: PageSeverity;
  /** Framework to the numbers in it. */
  readonly frameworks: Readonly<Record<string, readonly string[]>>;
  readonly why: string;
  readonly decides: string;
  readonly unknown: string;
  readonly remediation: string;
  readonly source: string;
}

export interface PageFramework {
  readonly id: string;
  readonly title: string;
  readonly controls: readonly {
    readonly id: string;
    readonly title: string;
    readonly manual: readonly string[];
    readonly rules: readonly string[];
  }[];
}

export interface PageOrganization {
  /** Null where nothing was ever synced. */
  readonly sourceName: string | null;
  readonly organizationId: string | null;
  readonly managementAccountId: string | null;
  readonly askingAccountId: string | null;
  readonly partition: string | null;
  readonly featureSet: string | null;
  readonly scpStatus: string | null;
  readonly rootId: string | null;
  readonly syncTime: string | null;
  readonly wasRead: boolean;
  readonly isAbsent: boolean;
  readonly readError: string | null;
  readonly maxAgeHours: number;
  readonly lookbackDays: number | null;
  readonly regions: readonly string[];
  readonly accounts: PageAccounts;
  readonly units: readonly PageUnit[];
  readonly policies: readonly PagePolicy[];
  readonly guardrails: PageGuardrails;
  readonly services: readonly PageService[];
  readonly delegations: readonly PageDelegation[];
  readonly questions: readonly PageQuestion[];
  readonly openQuestions: readonly PageOpenQuestion[];
  readonly enrolments: readonly PageEnrolment[];
  readonly scopes: readonly { readonly service: string; readonly account: string; readonly scope: unknown }[];
  readonly owners: readonly PageOwner[];
  readonly policyState: { readonly status: string | null; readonly reason: string | null; readonly isAbsent: boolean };
  readonly grants: readonly PageGrant[];
  readonly principals: readonly PagePrincipal[];
  /** Verdicts by rule (index in {@link PageData.rules}) and status, those that are not told included. */
  readonly counts: readonly PageCount[];
  readonly verdicts: readonly PageVerdict[];
  readonly waivers: readonly PageWaiver[];
  readonly approvals: readonly PageApproval[];
  readonly changes: readonly PageChange[];
  /** What became another verdict, summed up by run, rule and status. */
  readonly resultChanges: readonly PageResultChange[];
  /** Null where this database keeps no history yet. */
  readonly drift: readonly PageDrift[] | null;
  /** How far back changes of verdicts and the history are shown. */
  readonly changesSince: string;
  readonly reads: readonly PageRead[];
  readonly tables: readonly PageTable[];
}

/** Column by column, because there may be 50,000. In the order of their ids. */
export interface PageAccounts {
  readonly ids: readonly string[];
  readonly names: readonly (string | null)[];
  /** Index in `stateNames`. */
  readonly states: readonly number[];
  readonly stateNames: readonly string[];
  /** Index in {@link PageOrganization.units}; -1 where the place is not known. */
  readonly units: readonly number[];
  /** Index in {@link PageGuardrails.classes}; -1 for an account that no guardrail was looked up for. */
  readonly classes: readonly number[];
}

/** The first is the root; each comes after the one that it is in. */
export interface PageUnit {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly parent: number;
}

export interface PagePolicy {
  readonly id: string;
  readonly name: string | null;
  readonly type: string | null;
  readonly isAwsManaged: boolean;
  /** `everywhere`: AWS attaches it to all there is. `unread`: there may be more targets than these. */
  readonly attachment: 'listed' | 'everywhere' | 'unread';
  readonly targets: readonly string[];
}

export interface PageGuardrails {
  readonly controls: readonly string[];
  readonly reasons: readonly string[];
  /** For each control its denial and the index of its reason. */
  readonly classes: readonly (readonly (readonly [Denial, number] | null)[])[];
}

export interface PageService {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly isSecurity: boolean;
  readonly methods: readonly string[];
  readonly isRegional: boolean;
  /** First of the services that share its principal, under which Organizations' answer stands. */
  readonly group: string;
  readonly groupName: string;
  readonly principals: readonly string[];
  readonly maxAdministrators: number | null;
  readonly mayDiffer: boolean;
  readonly notes: string | null;
  readonly power: 'reads_members' | 'configures_members' | 'acts_in_members' | 'controls_access' | null;
  /** As it follows "The administrator can". */
  readonly can: string | null;
  readonly cannot: string | null;
  readonly isUsed: boolean | null;
  readonly useReason: string | null;
  readonly owners: string | null;
  readonly trustedSince: string | null;
  readonly isTrusted: boolean;
}

export interface PageDelegation {
  readonly service: string;
  readonly serviceName: string;
  readonly category: string;
  readonly method: PageMethod;
  readonly region: string | null;
  readonly account: string;
  readonly accountName: string | null;
  readonly path: string | null;
  readonly state: string | null;
  readonly isManagement: boolean | null;
  readonly since: string | null;
  readonly status: string | null;
  readonly isHeld: boolean;
  readonly principal: string | null;
}

/** A question to AWS of which the answer says who holds a service. */
export interface PageQuestion {
  readonly service: string;
  readonly method: PageMethod;
  readonly region: string | null;
  readonly wasRead: boolean;
  readonly cause: string | null;
  readonly error: string | null;
}

export interface PageOpenQuestion {
  readonly service: string | null;
  readonly serviceName: string | null;
  readonly method: string | null;
  readonly regions: readonly (string | null)[];
  readonly cause: string;
  readonly error: string;
}

export interface PageEnrolment {
  readonly service: string;
  readonly account: string | null;
  readonly enrolment: string | null;
  readonly setting: string | null;
  readonly problem: string | null;
  readonly regions: readonly (string | null)[];
}

export interface PageOwner {
  readonly owner: string;
  readonly selectors: string | null;
  readonly accounts: readonly string[];
  readonly accountCount: number;
}

export interface PageGrant {
  readonly statement: number;
  readonly sid: string | null;
  readonly principal: string;
  readonly isNotPrincipal: boolean;
  readonly account: string;
  readonly group: string;
  readonly policyTypes: readonly string[] | null;
  readonly resources: readonly string[] | null;
  readonly notResources: readonly string[] | null;
  readonly conditions: unknown;
  readonly isDenied: boolean;
  readonly isConditional: boolean;
  readonly isPolicyWork: boolean;
  readonly actions: readonly string[];
}

export interface PagePrincipal {
  readonly principal: string;
  readonly account: string | null;
  readonly accountName: string | null;
  readonly path: string | null;
  readonly isFound: boolean;
  readonly isPattern: boolean;
  readonly isManagement: boolean;
  readonly statements: string;
}

export interface PageCount {
  readonly rule: number;
  readonly status: PageStatus;
  /** Of `unknown`. */
  readonly cause: string | null;
  readonly count: number;
}

/** Verdicts of one rule that are the same but for a Region or an account. */
export interface PageVerdict {
  readonly rule: number;
  readonly status: PageStatus;
  readonly cause: string | null;
  readonly waiver: string | null;
  /** Of what comes before and after the accounts or Regions that it is about. */
  readonly before: string;
  readonly after: string;
  /** Runs of indices in the accounts, a start and a length each, of accounts whose label stands in between. */
  readonly labels: readonly number[];
  /** What else stands in between: Regions, or accounts that are not in the list. */
  readonly names: readonly string[];
  /** Of the accounts that are judged, where no label stands in the reason. */
  readonly accounts: readonly number[];
  /** Accounts that are not in the list. */
  readonly accountIds: readonly string[];
  readonly resource: string | null;
  readonly regions: readonly string[];
  readonly count: number;
  /** Of rows that differ only in account or Region, with `<account>` and `<Region>` in their place. */
  readonly remediations: readonly string[];
}

export interface PageWaiver {
  readonly rule: string;
  readonly resource: string;
  readonly account: string | null;
  readonly region: string | null;
  readonly reason: string;
  readonly owner: string | null;
  readonly ticket: string | null;
  readonly approvedBy: string;
  readonly expires: string;
  readonly state: 'used' | 'expired' | 'unused';
}

export interface PageApproval {
  readonly hasApproval: boolean;
  readonly hasDelegation: boolean;
  readonly service: string | null;
  readonly serviceName: string | null;
  readonly method: string | null;
  readonly account: string | null;
  readonly principal: string | null;
  readonly approvedBy: string | null;
  readonly approvedOn: string | null;
  readonly reviewBy: string | null;
  readonly reason: string | null;
  readonly regions: readonly string[];
}

export interface PageChange {
  readonly at: string;
  readonly region: string | null;
  readonly eventId: string | null;
  readonly action: string;
  readonly category: string;
  readonly serviceName: string | null;
  readonly principal: string | null;
  readonly session: string | null;
  readonly address: string | null;
  readonly targetType: string;
  readonly target: string | null;
  readonly targetName: string | null;
  readonly wasAllowed: boolean;
  readonly errorCode: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly isSignificant: boolean;
  readonly isInWindow: boolean;
  readonly approvedBy: string | null;
  readonly risk: string;
}

export interface PageResultChange {
  readonly at: string;
  readonly rule: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly count: number;
  /** The first of them. */
  readonly resource: string;
  readonly reason: string | null;
}

/** A row of delegation.drift, or several that differ in their Region only. */
export interface PageDrift {
  readonly at: string;
  readonly kind: string;
  readonly service: string | null;
  readonly serviceName: string | null;
  readonly method: string | null;
  readonly regions: readonly string[];
  readonly account: string | null;
  readonly accountName: string | null;
  readonly rule: string | null;
  readonly resource: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly eventId: string | null;
  readonly eventTime: string | null;
  readonly actor: string | null;
  readonly count: number;
}

export interface PageRead {
  readonly table: string;
  readonly operation: string;
  readonly outcome: string;
  readonly code: string | null;
  readonly message: string | null;
  readonly count: number;
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
  readonly requests: number;
  readonly rows: number;
}

export interface PageTable {
  readonly name: string;
  readonly wasRead: boolean;
  readonly isAbsent: boolean;
  readonly cause: string | null;
  readonly error: string | null;
}
