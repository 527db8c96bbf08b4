import type { Client, ClientBase } from 'pg';
import { defaultLockPatienceMs, type Turn } from './lock.js';
import type { MigrateMode } from './migrate.js';
import type { PluginLog } from './plugin_log.js';
import type { PluginProcess } from './plugin_process.js';
import type { ProgressReporter, SyncProgress } from './progress.js';
import type { WriteMode } from './schema.js';
import type { SourceSpec } from './spec.js';

export interface SyncOptions {
  readonly spec: SourceSpec;
  readonly databaseUrl: string;
  /** `overwrite-delete-stale` by default. */
  readonly writeMode?: WriteMode;
  /** `safe` by default. */
  readonly migrateMode?: MigrateMode;
  /** Asked before anything is read, where `forced` has to drop tables: the text lists them with their rows. */
  readonly confirmDrop?: (text: string) => Promise<boolean>;
  /** Program and first arguments; `serve` and its options are added. */
  readonly pluginCommand: readonly string[];
  /** Of the plugin; ours by default. */
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SyncProgress) => void;
  readonly onNotice?: (text: string) => void;
  readonly onLog?: (line: PluginLog) => void;
  /** For how long others may keep a lock that is needed; a minute by default. */
  readonly lockPatienceMs?: number;
  /**
   * Views, in the same transaction, after the rows are there. Where it throws an error with the code 55P03, having changed
   * nothing, the rows are committed without it.
   */
  readonly install?: (client: ClientBase) => Promise<void>;
  /** Locks the views against readers, before a table on which they stand is changed. */
  readonly lockViews?: (client: ClientBase, patienceMs: number) => Promise<void>;
  /** Takes the views away, before tables are dropped; `install` follows then. */
  readonly uninstall?: (client: ClientBase) => Promise<void>;
}

/** A sync that is under way. */
export interface SyncRun extends SyncOptions {
  readonly client: Client;
  readonly plugin: PluginProcess;
  readonly syncTime: bigint;
  readonly signal: AbortSignal;
  readonly report: ProgressReporter;
  readonly onNotice: (text: string) => void;
  /** From here on an interruption comes too late. */
  readonly stopCancelling: () => void;
}

export function turnOf({ lockPatienceMs = defaultLockPatienceMs, lockViews }: SyncOptions): Turn {
  return { patienceMs: lockPatienceMs, ...(lockViews && { lockViews }) };
}

export function beforeDropOf({ uninstall }: SyncOptions): (client: ClientBase) => Promise<void> {
  return async (client) => {
    await uninstall?.(client);
  };
}
