/** What tables need of the spec. */
export interface Settings {
  readonly accountTags: boolean;
  /** Days of events that are looked back on. */
  readonly eventsLookbackDays: number;
  /** Role to assume in each account that a table names as `delegates`; undefined where the spec names none. */
  readonly delegatedAdminRoleName: string | undefined;
  readonly owners: readonly OwnerSelector[];
  readonly expectations: readonly Expectation[];
  /** Empty where nobody reads the table: the files of the user are opened for a sync only. */
  readonly approvals: readonly Approval[];
  /** As {@link approvals}. */
  readonly waivers: readonly Waiver[];
  readonly rules: RuleSettings;
}

/** What the spec says of how to judge. `undefined` where it says nothing. */
export interface RuleSettings {
  /** OUs by path or id. */
  readonly WorkloadOus: readonly string[] | undefined;
  readonly AllowedRegions: readonly string[] | undefined;
  readonly SeparationOfDuties: boolean;
  /** Hours. */
  readonly MaxAgeHours: number;
  /** An empty list of approvals is one: nothing is approved then. */
  readonly HasApprovals: boolean;
  /** Days of events that a sync looks back on. */
  readonly EventsLookbackDays: number;
}

/** One selector of one entry of `owners` in the spec. Which accounts it matches is worked out in SQL. */
export interface OwnerSelector {
  readonly Owner: string;
  readonly SelectorType: 'account' | 'name' | 'ou' | 'tag';
  /** An account id, an account name, an OU's id or path, or `key=value`. */
  readonly Selector: string;
}

/** One owner of one entry of `expectations` in the spec. */
export interface Expectation {
  readonly ServiceId: string;
  readonly Owner: string;
}

/** What a person has approved: a delegation, or one action of a principal. '' where the approval says nothing, because all but the last four are its key. */
export interface Approval {
  readonly Kind: 'delegation' | 'principal';
  /** Catalogue id or service principal; '' for the kind `principal`. */
  readonly Service: string;
  /** An account id or a principal of the delegation policy; for the kind `principal` an ARN in which * stands for anything, or a service principal. */
  readonly Principal: string;
  readonly Method: '' | 'organizations' | 'service' | 'resource_policy';
  readonly Region: string;
  /** An IAM action in which * stands for anything; '' for the kind `delegation`. */
  readonly Action: string;
  readonly ApprovedBy: string;
  readonly ApprovedOn: Date;
  readonly ReviewBy: Date | undefined;
  readonly Reason: string | undefined;
}

/** A finding that a person has accepted until a day. The first four are its key; * stands for anything in each of them. */
export interface Waiver {
  readonly Rule: string;
  /** `resource_id` of the verdict. */
  readonly Resource: string;
  /** '' for every account. */
  readonly Account: string;
  /** '' for every Region, and for verdicts without one. */
  readonly Region: string;
  readonly Reason: string;
  /** Who has to mend it. */
  readonly Owner: string | undefined;
  readonly Ticket: string | undefined;
  readonly ApprovedBy: string;
  readonly Expires: Date;
}
