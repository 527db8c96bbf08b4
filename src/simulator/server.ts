import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defineScenario, ScenarioError, type FaultInput, type Scenario, type ScenarioInput } from './scenario.js';
import { loadScenario } from './scenarios/index.js';
import { faultSchema } from './schema/faults.js';
import { State, type LoggedRequest, type SimulatorOptions } from './state.js';

export interface FaultHandle {
  /** Requests that this fault has answered. */
  readonly hits: number;
  remove(): void;
}

export interface Simulator {
  readonly url: string;
  /** Every request since the start, or since one emptied it. */
  readonly requests: LoggedRequest[];
  readonly scenario: Scenario;
  fault(fault: FaultInput): FaultHandle;
  clearFaults(): void;
  setScenario(scenario: Scenario | ScenarioInput | string): void;
  /** Edits a copy of the scenario, checks it, and serves it from the next request on. */
  change(edit: (scenario: Scenario) => void): void;
  close(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const state = new State(options);
  const server = createServer((request, response) => {
    void state.serve(request, response);
  });
  // Node's five seconds would cut a pooled connection under a client that is just about to use it again.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { address, port, family } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  return {
    url,
    requests: state.requests,
    get scenario() {
      return state.world.scenario;
    },
    fault(input) {
      const result = faultSchema.safeParse(input);
      if (!result.success) {
        const [issue] = result.error.issues;
        throw new ScenarioError(
          `Adding a fault: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}. Correct the call of fault().`,
        );
      }
      const active = state.faults.add(result.data);
      return {
        get hits() {
          return active.hits;
        },
        remove: () => {
          state.faults.remove(active);
        },
      };
    },
    clearFaults: () => {
      state.faults.clear();
    },
    setScenario: (scenario) => {
      state.use(typeof scenario === 'string' ? loadScenario(scenario) : defineScenario(scenario));
    },
    change: (edit) => {
      // A copy, so that an edit that does not hold together changes nothing.
      const scenario = structuredClone(state.world.scenario);
      edit(scenario);
      state.use(defineScenario(scenario), false);
    },
    close: () =>
      new Promise((resolve) => {
        // The only error is that it was closed before, which is what was wanted.
        server.close(() => {
          resolve();
        });
        // Requests that hang, and kept-alive connections, would hold close() for ever.
        server.closeAllConnections();
      }),
  };
}
