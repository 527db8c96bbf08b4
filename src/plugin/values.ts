import { z } from 'zod';
import { isKnownRegion, nearestRegions, nearestServices, serviceNamed } from '../catalog/index.js';

export const nonEmpty = z.string().min(1, 'expected some text');

/** Patterns are keys, and an entry of an index of PostgreSQL has room for 2,704 bytes. */
export const longestPattern = 500;

export const accountIdPattern = /^\d{12}$/;
export const accountId = z.string().regex(accountIdPattern, 'expected an account ID: 12 digits, in quotes');

/** A Region of AWS, or '*'. */
export const region = nonEmpty.superRefine((name, context) => {
  const problem = name === '*' ? undefined : regionProblem(name);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

/** A Region of AWS by its name. */
export const oneRegion = nonEmpty.superRefine((name, context) => {
  const problem =
    name === '*' ? "expected one Region: leave the key out for every one, found '*'" : regionProblem(name);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const noRegionPattern = 'expected a Region, or a pattern such as eu-*';

/** Regions by a pattern. */
export const regionPattern = nonEmpty
  .max(30, { error: noRegionPattern, abort: true })
  .regex(/^[a-z0-9-]*\*[a-z0-9*-]*$/, noRegionPattern);

function regionProblem(name: string): string | undefined {
  if (isKnownRegion(name)) return undefined;
  // The wrong variable in the place of a Region may be a key.
  const shown = /^[a-z0-9-]{1,30}$/.test(name) ? `'${name}'` : `this (${name.length} characters)`;
  return `${shown} is no Region of AWS${didYouMean(nearestRegions(name))}`;
}

/** What is wrong with the id of a service; undefined for one of the catalogue. */
export function serviceProblem(id: string): string | undefined {
  if (serviceNamed(id)) return undefined;
  const shown = id.length > 80 ? `${id.slice(0, 80)}…` : id;
  return `'${shown}' is no service of the catalogue${didYouMean(nearestServices(id)) || ' (docs/services.md lists them)'}`;
}

function didYouMean(near: readonly string[]): string {
  return near.length > 0 ? ` (did you mean ${near.join(' or ')}?)` : '';
}

/** A day. YAML readers in Go make a moment of it where it has no quotes. */
export const date = z.string('expected a date such as 2026-12-31').superRefine((given, context) => {
  const [, day] = /^(\d{4}-\d{2}-\d{2})(T00:00:00Z)?$/.exec(given) ?? [];
  if (day !== undefined && isInCalendar(day)) return;
  context.addIssue({ code: 'custom', message: `expected a date such as 2026-12-31, found ${JSON.stringify(given)}` });
});

/** 00:00 UTC of a day that {@link date} accepts. */
export function toDate(day: string): Date {
  return new Date(`${day.slice(0, 10)}T00:00:00Z`);
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isInCalendar(day: string): boolean {
  const moment = toDate(day);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(day);
}
