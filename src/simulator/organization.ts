import { createHash } from 'node:crypto';
import {
  ScenarioError,
  type AccountScenario,
  type OrganizationScenario,
  type PolicyScenario,
  type Scenario,
} from './scenario.js';

export interface Unit {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly parentId: string;
  /** AWS's Path: ids from the organization down, with a slash at the end. */
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Account {
  readonly id: string;
  readonly arn: string;
  readonly email: string;
  readonly parentId: string;
  readonly path: string;
  readonly scenario: AccountScenario;
}

export interface Target {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly type: 'ACCOUNT' | 'ORGANIZATIONAL_UNIT' | 'ROOT';
}

export interface Policy {
  readonly id: string;
  readonly arn: string;
  readonly content: string;
  readonly scenario: PolicyScenario;
}

export interface Delegate {
  readonly account: Account;
  /** First delegation; what ListDelegatedAdministrators shows. */
  readonly since: Date;
  readonly services: readonly { readonly principal: string; readonly since: Date }[];
}

const FULL_ACCESS = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** AWS-managed policies that every organization has; attached to everything as soon as their type is enabled. */
const MANAGED_POLICIES: readonly PolicyScenario[] = [
  {
    id: 'p-FullAWSAccess',
    name: 'FullAWSAccess',
    description: 'Allows access to every operation',
    type: 'SERVICE_CONTROL_POLICY',
    content: FULL_ACCESS,
    aws_managed: true,
    targets: ['*'],
    except_targets: [],
    tags: {},
  },
  {
    id: 'p-RCPFullAWSAccess',
    name: 'RCPFullAWSAccess',
    description: 'Allows all access',
    type: 'RESOURCE_CONTROL_POLICY',
    content: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
    },
    aws_managed: true,
    targets: ['*'],
    except_targets: [],
    tags: {},
  },
];

function wrong(what: string, todo: string): ScenarioError {
  return new ScenarioError(`Building the organization of the scenario: ${what}. ${todo}`);
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The organization of a scenario with the indexes that let each operation answer in the time of one page. */
export class Organization {
  readonly arn: string;
  readonly rootArn: string;
  readonly management: Account;
  readonly accounts: readonly Account[];
  readonly units: readonly Unit[];
  readonly policies: readonly Policy[];
  readonly delegates: readonly Delegate[];
  readonly resourcePolicyArn: string | null;

  readonly #accountById = new Map<string, Account>();
  readonly #unitById = new Map<string, Unit>();
  readonly #idByPath = new Map<string, string>();
  readonly #accountsByParent = new Map<string, Account[]>();
  readonly #unitsByParent = new Map<string, Unit[]>();
  readonly #policyById = new Map<string, Policy>();
  readonly #delegateById = new Map<string, Delegate>();
  readonly #targetsByPolicy = new Map<string, readonly Target[]>();
  readonly #targetIdsByPolicy = new Map<string, ReadonlySet<string>>();
  #everything: readonly Target[] | undefined;

  constructor(
    readonly scenario: OrganizationScenario,
    readonly partition: Scenario['partition'],
  ) {
    const { id, root, management_account_id: owner } = scenario;
    this.arn = this.#arn(`organization/${id}`);
    this.rootArn = this.#arn(`root/${id}/${root.id}`);
    this.#idByPath.set('/', root.id);
    this.units = scenario.organizational_units.map((unit) => this.#addUnit(unit));
    this.accounts = scenario.accounts.map((account) => this.#addAccount(account));
    const management = this.#accountById.get(owner);
    if (!management) {
      throw wrong(`management_account_id ${owner} is not among the accounts`, 'List it under accounts too.');
    }
    this.management = management;
    this.policies = this.#addPolicies();
    this.delegates = this.#addDelegates();
    this.resourcePolicyArn = scenario.resource_policy
      ? this.#arn(`resourcepolicy/${id}/${scenario.resource_policy.id}`)
      : null;
  }

  account(id: string): Account | undefined {
    return this.#accountById.get(id);
  }

  unit(id: string): Unit | undefined {
    return this.#unitById.get(id);
  }

  policy(id: string): Policy | undefined {
    return this.#policyById.get(id);
  }

  delegate(accountId: string): Delegate | undefined {
    return this.#delegateById.get(accountId);
  }

  accountsIn(parentId: string): readonly Account[] {
    return this.#accountsByParent.get(parentId) ?? [];
  }

  unitsIn(parentId: string): readonly Unit[] {
    return this.#unitsByParent.get(parentId) ?? [];
  }

  isParent(id: string): boolean {
    return id === this.scenario.root.id || this.#unitById.has(id);
  }

  isEnabled(type: string): boolean {
    return this.scenario.root.policy_types.some((enabled) => enabled.type === type);
  }

  /** Direct attachments. Switching a policy type off detaches all its policies (Organizations user guide). */
  targetsOf(policy: Policy): readonly Target[] {
    if (!this.isEnabled(policy.scenario.type)) return [];
    let targets = this.#targetsByPolicy.get(policy.id);
    if (!targets) {
      const except = new Set(policy.scenario.except_targets.map((name) => this.#resolve(name, policy)));
      const wanted = policy.scenario.targets.includes('*')
        ? this.#allTargets()
        : policy.scenario.targets.map((name) => this.#target(this.#resolve(name, policy)));
      targets = except.size === 0 ? wanted : wanted.filter((target) => !except.has(target.id));
      this.#targetsByPolicy.set(policy.id, targets);
    }
    return targets;
  }

  isAttached(policy: Policy, targetId: string): boolean {
    let ids = this.#targetIdsByPolicy.get(policy.id);
    if (!ids) {
      ids = new Set(this.targetsOf(policy).map((target) => target.id));
      this.#targetIdsByPolicy.set(policy.id, ids);
    }
    return ids.has(targetId);
  }

  targetExists(id: string): boolean {
    return this.isParent(id) || this.#accountById.has(id);
  }

  handshakeArn(handshake: { id: string; action: string }): string {
    return this.#arn(`handshake/${this.scenario.id}/${handshake.action.toLowerCase()}/${handshake.id}`);
  }

  /** The ARN of any id of this organization, as IAM sees it. */
  arnOf(id: string): string | undefined {
    if (id === this.scenario.root.id) return this.rootArn;
    if (id === this.scenario.resource_policy?.id) return this.resourcePolicyArn ?? undefined;
    return this.account(id)?.arn ?? this.unit(id)?.arn ?? this.policy(id)?.arn;
  }

  tagsOf(id: string): Readonly<Record<string, string>> | undefined {
    if (id === this.scenario.root.id) return this.scenario.root.tags;
    if (id === this.scenario.resource_policy?.id) return this.scenario.resource_policy.tags;
    return this.account(id)?.scenario.tags ?? this.unit(id)?.tags ?? this.policy(id)?.scenario.tags;
  }

  #arn(resource: string): string {
    return `arn:${this.partition}:organizations::${this.scenario.management_account_id}:${resource}`;
  }

  #addUnit(unit: OrganizationScenario['organizational_units'][number]): Unit {
    const { id: organizationId, root } = this.scenario;
    const slash = unit.path.lastIndexOf('/');
    const parentPath = slash === 0 ? '/' : unit.path.slice(0, slash);
    const parentId = this.#idByPath.get(parentPath);
    if (parentId === undefined) {
      throw wrong(`the OU ${unit.path} comes before its parent ${parentPath}`, 'List parents first.');
    }
    if (this.#idByPath.has(unit.path))
      throw wrong(`the OU ${unit.path} is there twice`, 'Names are unique in a parent.');
    // Quota "OU maximum nesting in a root".
    if (unit.path.split('/').length > 6) {
      throw wrong(`the OU ${unit.path} is more than five levels deep`, 'AWS allows five.');
    }
    const id = unit.id ?? `ou-${root.id.slice(2)}-${shortHash(unit.path)}`;
    const above = this.#unitById.get(parentId)?.path ?? `${organizationId}/${root.id}/`;
    const built: Unit = {
      id,
      name: unit.path.slice(slash + 1),
      arn: this.#arn(`ou/${organizationId}/${id}`),
      parentId,
      path: `${above}${id}/`,
      tags: unit.tags,
    };
    if (this.#unitById.has(id)) throw wrong(`the OU id ${id} is there twice`, 'Give each its own.');
    this.#unitById.set(id, built);
    this.#idByPath.set(unit.path, id);
    push(this.#unitsByParent, parentId, built);
    return built;
  }

  #addAccount(account: AccountScenario): Account {
    const { id: organizationId, root } = this.scenario;
    const parentId = this.#idByPath.get(account.parent) ?? account.parent;
    if (!this.isParent(parentId)) {
      throw wrong(
        `account ${account.id} has the parent ${account.parent}, which is not there`,
        'Name an OU path or id.',
      );
    }
    if (this.#accountById.has(account.id)) throw wrong(`account ${account.id} is there twice`, 'Ids are unique.');
    const above = this.#unitById.get(parentId)?.path ?? `${organizationId}/${root.id}/`;
    const built: Account = {
      id: account.id,
      arn: this.#arn(`account/${organizationId}/${account.id}`),
      email: account.email ?? `aws+${account.id}@example.com`,
      parentId,
      path: `${above}${account.id}/`,
      scenario: account,
    };
    this.#accountById.set(account.id, built);
    push(this.#accountsByParent, parentId, built);
    return built;
  }

  #addPolicies(): Policy[] {
    const { id: organizationId, policies } = this.scenario;
    const own = new Set(policies.map((policy) => policy.id));
    const policiesThere = [...policies, ...MANAGED_POLICIES.filter((policy) => !own.has(policy.id))];
    return policiesThere.map((policy) => {
      const type = policy.type.toLowerCase();
      const built: Policy = {
        id: policy.id,
        arn: policy.aws_managed
          ? `arn:${this.partition}:organizations::aws:policy/${type}/${policy.id}`
          : this.#arn(`policy/${organizationId}/${type}/${policy.id}`),
        content: typeof policy.content === 'string' ? policy.content : JSON.stringify(policy.content),
        scenario: policy,
      };
      if (this.#policyById.has(policy.id)) throw wrong(`policy ${policy.id} is there twice`, 'Ids are unique.');
      if (!policy.aws_managed && policy.targets.length > 0 && !this.isEnabled(policy.type)) {
        throw wrong(
          `policy ${policy.id} is attached, but ${policy.type} is not enabled at the root`,
          'Add it to root.policy_types, or attach nothing: AWS detaches when a type is switched off.',
        );
      }
      for (const target of [...policy.targets, ...policy.except_targets]) {
        if (target !== '*') this.#resolve(target, built);
      }
      this.#policyById.set(policy.id, built);
      return built;
    });
  }

  #addDelegates(): Delegate[] {
    const services = new Map<string, { principal: string; since: Date }[]>();
    for (const delegation of this.scenario.delegated_administrators) {
      if (!this.#accountById.has(delegation.account)) {
        throw wrong(`${delegation.account} is a delegated administrator, but no account here`, 'Add it to accounts.');
      }
      // ConstraintViolationException CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR.
      if (delegation.account === this.scenario.management_account_id) {
        throw wrong(
          `the management account holds ${delegation.service_principal}`,
          'AWS refuses that in Organizations; use the service (guardduty.administrators).',
        );
      }
      // AccountAlreadyRegisteredException.
      if (services.get(delegation.account)?.some(({ principal }) => principal === delegation.service_principal)) {
        throw wrong(`${delegation.account} holds ${delegation.service_principal} twice`, 'Leave one of them out.');
      }
      push(services, delegation.account, { principal: delegation.service_principal, since: delegation.since });
    }
    return [...services].map(([id, held]) => {
      const account = this.#accountById.get(id);
      if (!account) throw wrong(`account ${id} is not there`, 'Add it to accounts.');
      const since = new Date(Math.min(...held.map((service) => service.since.getTime())));
      const delegate: Delegate = { account, since, services: held };
      this.#delegateById.set(id, delegate);
      return delegate;
    });
  }

  #resolve(name: string, policy: Policy): string {
    const id = this.#idByPath.get(name) ?? name;
    if (!this.targetExists(id)) {
      throw wrong(`policy ${policy.id} is attached to ${name}, which is not there`, 'Name an account, OU or /.');
    }
    return id;
  }

  #target(id: string): Target {
    const account = this.#accountById.get(id);
    if (account) return { id, arn: account.arn, name: account.scenario.name, type: 'ACCOUNT' };
    const unit = this.#unitById.get(id);
    if (unit) return { id, arn: unit.arn, name: unit.name, type: 'ORGANIZATIONAL_UNIT' };
    return { id, arn: this.rootArn, name: this.scenario.root.name, type: 'ROOT' };
  }

  #allTargets(): readonly Target[] {
    this.#everything ??= [
      this.#target(this.scenario.root.id),
      ...this.units.map((unit) => this.#target(unit.id)),
      ...this.accounts.map((account) => this.#target(account.id)),
    ];
    return this.#everything;
  }
}

/** Eight characters of [a-z0-9], the same for the same text. */
function shortHash(text: string): string {
  const number = createHash('sha256').update(text).digest().readBigUInt64BE();
  return number.toString(36).padStart(8, '0').slice(-8);
}
