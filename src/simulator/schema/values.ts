import { z } from 'zod';

export const accountId = z.string().regex(/^\d{12}$/, 'an account id is 12 digits, in quotes');
export const principal = z.string().regex(/^[\w+=,.@-]{1,128}$/, 'a service principal such as guardduty.amazonaws.com');
export const instant = z
  .union([z.string(), z.date()])
  .transform((value) => new Date(value))
  .refine((value) => !Number.isNaN(value.getTime()), 'a time such as 2026-01-31T12:00:00Z');
export const tags = z.record(z.string(), z.string()).default({});
/** A policy text: a string is sent as it is (also one that is no JSON), anything else is written as JSON. */
export const document = z.union([z.string(), z.record(z.string(), z.unknown())]);

/** By Region; `*` is every other Region; null is nobody; a list where a test wants to see several. */
export function byRegion<Administrator extends z.ZodType>(administrator: Administrator) {
  return z.record(z.string(), z.union([administrator, z.array(administrator)]).nullable()).default({});
}

/**
 * What an administrator of a Region sees of its settings; `*` is every other Region. Default: what AWS has before anybody
 * changes it.
 */
export function settingsByRegion<Settings extends z.ZodType>(settings: Settings) {
  return z
    .record(z.string(), settings)
    .default({})
    .transform((given): Record<string, z.output<Settings>> => ({ '*': settings.parse({}), ...given }));
}

/** Where a thing is: one Region, or with `*` every Region that is on. */
export const place = { region: z.string(), except_regions: z.array(z.string()).default([]) };

/** Regions where the service was never switched on in the account that asks. */
export const notEnabled = z.union([z.literal('*'), z.array(z.string())]).default([]);

export const autoEnableMembers = z.enum(['NEW', 'ALL', 'NONE']);

export const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
