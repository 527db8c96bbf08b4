import { InvalidArgumentError } from 'commander';

const hourMs = 3_600_000;
const units: Readonly<Record<string, number>> = { h: hourMs, d: 24 * hourMs, w: 7 * 24 * hourMs };

/**
 * A time as people write it: `2026-11-01` (its first moment, or its last for `end`), `2026-11-01T12:00` with or without a zone
 * (UTC), or how long ago, such as `12h`, `30d` or `4w`.
 *
 * @throws {InvalidArgumentError}
 */
export function timeOf(text: string, edge: 'begin' | 'end', now: Date = new Date()): Date {
  const ago = /^(\d{1,5})([hdw])$/.exec(text);
  if (ago) return new Date(now.getTime() - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0));
  const [, day, clock, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  const time = new Date(`${day ?? ''}T${clock ?? '00:00'}${zone ?? 'Z'}`);
  const midnight = new Date(`${day ?? ''}T00:00Z`);
  // Without the second question the 31st of February would be a day in March.
  if (day === undefined || Number.isNaN(time.getTime()) || midnight.toISOString().slice(0, 10) !== day) {
    throw new InvalidArgumentError(
      `Expected a day (2026-11-01), a time (2026-11-01T12:00Z, UTC where no zone is given) or how long ago (12h, 30d, 4w), found '${text}'.`,
    );
  }
  return clock === undefined && edge === 'end' ? new Date(time.getTime() + 24 * hourMs - 1) : time;
}
