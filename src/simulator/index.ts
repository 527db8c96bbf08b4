export { defineScenario, ScenarioError, FAULT_KINDS, POLICY_TYPES } from './scenario.js';
export { faultApplies } from './services/index.js';
export type { Change, Fault, FaultInput, FaultKind, PolicyType, Scenario, ScenarioInput } from './scenario.js';
export { demoScenario, largeScenario, loadScenario, scenarios } from './scenarios/index.js';
export { startSimulator } from './server.js';
export type { FaultHandle, LoggedRequest, Simulator, SimulatorOptions } from './server.js';
