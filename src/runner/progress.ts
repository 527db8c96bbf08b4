import type { PluginLog } from './plugin_log.js';
import type { SyncOptions } from './sync_options.js';

export interface SyncProgress {
  readonly phase: 'starting' | 'reading' | 'writing';
  readonly table: string | undefined;
  /** Rows read so far, or written in the phase `writing`. */
  readonly rows: number;
  readonly requests: number;
}

export interface ProgressReporter {
  phase(phase: SyncProgress['phase']): void;
  log(line: PluginLog): void;
  wrote(inserted: { table: string; rows: number }): void;
}

export function progressReporter(options: SyncOptions): ProgressReporter {
  let phase: SyncProgress['phase'] = 'starting';
  let table: string | undefined;
  let written = 0;
  const read = new Map<string, { rows: number; requests: number }>();
  const tell = () => {
    let rows = 0;
    let requests = 0;
    for (const one of read.values()) {
      rows += one.rows;
      requests += one.requests;
    }
    options.onProgress?.({ phase, table, rows: phase === 'writing' ? written : rows, requests });
  };
  return {
    phase(next) {
      phase = next;
      table = undefined;
      tell();
    },
    log(line) {
      const progress = line['progress'];
      if (typeof progress !== 'object' || progress === null || phase === 'writing') return;
      const values = progress as { table?: unknown; rows?: unknown; requests?: unknown };
      table = String(values.table);
      read.set(table, { rows: Number(values.rows ?? 0), requests: Number(values.requests ?? 0) });
      tell();
    },
    wrote(inserted) {
      table = inserted.table;
      written += inserted.rows;
      tell();
    },
  };
}
