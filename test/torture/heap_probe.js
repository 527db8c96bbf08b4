// Loaded into a plugin process by NODE_OPTIONS: at SIGUSR2 it collects its garbage and writes what is left, in bytes.
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const file = process.env.HEAP_PROBE_FILE;
if (file !== undefined) {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc');
  process.on('SIGUSR2', () => {
    collect();
    collect();
    writeFileSync(file, String(process.memoryUsage().heapUsed));
  });
}
