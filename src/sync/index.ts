export { sync, SyncFailedError, type Atlas, type Progress, type SyncMessage, type SyncOptions } from './sync.js';
