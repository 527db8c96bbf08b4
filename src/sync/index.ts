export { IdSet } from './id_set.js';
export type { Atlas, Reads } from './places.js';
export { planSync, type PlannedOperation, type SyncPlan } from './plan.js';
export { groupedByRegion, missingActions, probe, type ProbeResult, type TriedGroup } from './probe.js';
export { assumeRole, requiredActions, type RequiredActions } from './required_actions.js';
export type { Sizes } from './sizes.js';
export { stateTables, type StatedTable } from './state.js';
export { sync, type SyncMessage, type SyncState } from './sync.js';
export { stateless } from './walk.js';
