export { IdSet } from './id_set.js';
export { type Atlas, type Reads } from './places.js';
export { planSync, type PlannedOperation, type SyncPlan } from './plan.js';
export { groupedByRegion, missingActions, probe, type ProbeResult, type TriedCall, type TriedGroup } from './probe.js';
export { assumeRole, requiredActions, type RequiredActions } from './required_actions.js';
export { type Sizes } from './sizes.js';
export { stateTables, type StatedTable } from './state.js';
export { sync, SyncFailedError, type Progress, type SyncMessage, type SyncOptions, type SyncState } from './sync.js';
export { stateless } from './walk.js';
