export { SyncError, SyncInterrupted, UsageError } from './errors.js';
export type { MigrateMode } from './migrate.js';
export type { PluginLog } from './plugin_process.js';
export { progressText, startProgress, type Progress } from './progress.js';
export type { WriteMode } from './schema.js';
export { readSpecFile, type DestinationSpec, type SourceSpec, type SpecFile } from './spec.js';
export { summaryLine, writeSummary, type Outcome, type ReadProblem, type SyncSummary } from './summary.js';
export { runSync, type SyncOptions, type SyncProgress } from './sync.js';
export type { WrittenTable } from './writer.js';
