import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError, errorCode } from '../errors.js';
import { orOwnDatabase } from './files.js';
import type { Instance } from './instance.js';
import { freePort, isFree } from './ports.js';
import { removeForeignPidFile, running } from './postmaster.js';
import { run } from './process.js';
import { lastLines, readFrom, rotateLog, sizeOf } from './server_log.js';
import { readSettings, writeSettings, type Settings } from './settings.js';

export const startTimeoutMs = 60_000;
const startAgainMs = 200;
export const pollMs = 20;

/** The settings with the port that the running server listens on. */
export async function ensureRunning(instance: Instance, deadline: number, isFirstLook: boolean): Promise<Settings> {
  const settings = await readSettings(instance.directory);
  if (isFirstLook) await removeForeignPidFile(instance);
  let failedStarts = 0;
  for (;;) {
    const server = await running(instance);
    if (server?.status === 'ready') {
      if (server.port !== settings.port) {
        settings.port = server.port;
        await writeSettings(instance.directory, settings);
      }
      return settings;
    }
    if (Date.now() > deadline) {
      throw cannotStart(
        instance,
        server ? `process ${server.pid} stays in the state "${server.status}"` : 'no reason given',
      );
    }
    if (server !== undefined) {
      // Another run starts or stops it at this moment.
      await delay(pollMs);
      continue;
    }
    if (!(await isFree(settings.port))) {
      const taken = settings.port;
      settings.port = await freePort();
      await writeSettings(instance.directory, settings);
      instance.onNotice(
        `port ${taken} is taken by another program: the embedded PostgreSQL now listens on ${settings.port}`,
      );
    }
    await rotateLog(instance);
    const logSize = await sizeOf(instance.logFile);
    const started = await run(
      instance.binaries.pgCtl,
      [
        'start',
        '-w',
        '-t',
        '60',
        '-s',
        '-D',
        instance.dataDirectory,
        '-l',
        instance.logFile,
        '-o',
        `-p ${settings.port}`,
      ],
      { user: instance.user, cwd: instance.directory },
    );
    if (started.code === 0) continue;
    // Lost a race against another run, or against another program for the port: the next look tells.
    if ((await running(instance)) !== undefined || !(await isFree(settings.port))) continue;
    const log = await readFrom(instance.logFile, logSize);
    // Of a server that was killed, a process that is at work does not notice before its statement ends.
    if (log.includes('pre-existing shared memory block')) {
      if (Date.now() > deadline) {
        throw cannotStart(
          instance,
          `its main process was killed, and another one of it still works on a statement. Wait for that to end, or end it: ${lastLines(log)}`,
        );
      }
      await delay(startAgainMs);
      continue;
    }
    // A server that another run started and stopped meanwhile looks the same as one that did not start.
    if (++failedStarts < 5) continue;
    throw cannotStart(
      instance,
      lastLines(log) || lastLines(started.output) || (started.startError ?? 'no reason given'),
    );
  }
}

export function cannotStart(instance: Instance, why: string, cause?: unknown): DatabaseError {
  return new DatabaseError(
    `embedded PostgreSQL: the server of ${instance.dataDirectory} does not start: ${why}. Its log is ` +
      `${instance.logFile}. ${orOwnDatabase}`,
    { cause, code: errorCode(cause) },
  );
}
