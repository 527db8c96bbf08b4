import type { Call } from './call.js';
import { matches } from './glob.js';
import type { Change, OrganizationScenario, Scenario } from './scenario.js';

/** The changes of a scenario that are still to come. */
export class Changes {
  #coming: { readonly change: Change; answered: number }[];

  constructor(changes: readonly Change[]) {
    this.#coming = changes.map((change) => ({ change, answered: 0 }));
  }

  /** Counts an answer, and hands out what happens after it. */
  after(call: Call): Change[] {
    const due: Change[] = [];
    for (const coming of this.#coming) {
      if (!isMeant(coming.change, call)) continue;
      coming.answered += 1;
      if (coming.answered >= coming.change.after) due.push(coming.change);
    }
    if (due.length > 0) this.#coming = this.#coming.filter(({ change }) => !due.includes(change));
    return due;
  }
}

function isMeant({ operation, region, account }: Change, call: Call): boolean {
  return (
    matches(operation, call.operation) &&
    (region === undefined || region === call.region) &&
    (account === undefined || account === call.caller.accountId)
  );
}

/** Edits the scenario. What it names and is not there (any more) stays as it is. */
export function applyChange(scenario: Scenario, change: Change): void {
  const { organization } = scenario;
  if (!organization) return;
  const { close_account: closed, remove_account: removed, add_account: added, move_account: moved } = change;
  for (const account of organization.accounts) {
    if (account.id === closed) account.state = 'CLOSED';
    if (account.id === moved?.account) account.parent = moved.to;
  }
  if (added !== undefined) organization.accounts.push(added);
  if (removed !== undefined) removeAccount(organization, removed);

  const { register_delegation: registered, deregister_delegation: gone } = change;
  if (registered !== undefined) organization.delegated_administrators.push(registered);
  if (gone !== undefined) {
    organization.delegated_administrators = organization.delegated_administrators.filter(
      (held) => held.account !== gone.account || held.service_principal !== gone.service_principal,
    );
  }

  const { attach_policy: attached, detach_policy: detached, delete_policy: deleted } = change;
  for (const policy of organization.policies) {
    if (policy.id === attached?.policy) policy.targets.push(attached.target);
    if (policy.id === detached?.policy) policy.targets = policy.targets.filter((target) => target !== detached.target);
  }
  if (deleted !== undefined) organization.policies = organization.policies.filter(({ id }) => id !== deleted);
}

function removeAccount(organization: OrganizationScenario, id: string): void {
  organization.accounts = organization.accounts.filter((account) => account.id !== id);
  organization.delegated_administrators = organization.delegated_administrators.filter(({ account }) => account !== id);
  for (const policy of organization.policies) {
    policy.targets = policy.targets.filter((target) => target !== id);
    policy.except_targets = policy.except_targets.filter((target) => target !== id);
  }
}
