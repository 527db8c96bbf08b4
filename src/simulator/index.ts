export { defineScenario, ScenarioError, type FaultInput, type Scenario, type ScenarioInput } from './scenario.js';
export { demoScenario, largeScenario, loadScenario, scenarios } from './scenarios/index.js';
export { FAULT_KINDS, type FaultKind } from './schema/faults.js';
export { startSimulator, type Simulator } from './server.js';
export { faultApplies } from './services/index.js';
export type { LoggedRequest, SimulatorOptions } from './state.js';
