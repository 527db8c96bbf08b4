import type { Operation, World } from '../../src/simulator/call.js';
import { Organization } from '../../src/simulator/organization.js';
import type { Scenario } from '../../src/simulator/index.js';
import { SERVICES } from '../../src/simulator/services/index.js';

/**
 * Lets one operation of every simulator that serves the scenario of this name be answered as in another world.
 *
 * @returns what ends that.
 */
export function answerAsIn(other: Scenario, operation: string, name: string): () => void {
  const [service, action = ''] = operation.split(':');
  const found = SERVICES.find((each) => each.name === service)?.operations[action];
  if (!found) throw new Error(`the simulator has no ${operation}`);
  const changed = found as { -readonly [Member in keyof Operation]: Operation[Member] };
  const handle = found.handle.bind(found);
  const organization = other.organization && new Organization(other.organization, other.partition);
  changed.handle = (call) => {
    const { scenario, sessions } = call.world;
    if (scenario.name !== name) return handle(call);
    const world: World = { ...call.world, scenario: other, organization, sessions };
    return handle({ ...call, world });
  };
  return () => {
    changed.handle = handle;
  };
}
