import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The Chromium of this machine: $CHROMIUM, or the first of the usual names in PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const given = process.env['CHROMIUM'];
  if (given) return given;
  const places = (process.env['PATH'] ?? '').split(delimiter);
  return ['chromium', 'google-chrome', 'chromium-browser', 'google-chrome-stable']
    .flatMap((name) => places.map((place) => join(place, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** As root there is no sandbox; what is opened is ours. */
export const chromiumArguments = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
