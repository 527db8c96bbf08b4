import { z } from 'zod';
import type { Waiver } from '../schema/index.js';
import { refuseRepeats } from './repeats.js';
import { date, longestPattern, nonEmpty, oneRegion, regionPattern, toDate } from './values.js';

const noAccountPattern = 'expected an account ID (12 digits, in quotes), with * for anything';

const waiver = z.strictObject({
  rule: z
    .string()
    .max(100)
    .regex(/^[a-z*][a-z0-9_*]*$/, 'expected the ID of a rule, with * for anything')
    .describe('ID of the rule, with * for anything.'),
  resource: nonEmpty.max(longestPattern).optional().describe('resource_id, with * for anything; none: every one.'),
  account: z
    .string(noAccountPattern)
    .max(12, { error: noAccountPattern, abort: true })
    .regex(/^(\d{12}|\d*\*[\d*]*)$/, noAccountPattern)
    .optional()
    .describe('Account ID, with * for anything; none: every one.'),
  region: z.union([oneRegion, regionPattern]).optional().describe('Region, with * for anything; none: every one.'),
  reason: nonEmpty,
  owner: nonEmpty.optional().describe('Who has to mend it.'),
  ticket: nonEmpty.optional().describe('Where the work on it is followed.'),
  approved_by: nonEmpty,
  expires: date.describe('The day from which the waiver no longer counts.'),
});

const waivers = z.array(waiver).superRefine(refuseRepeats('waiver', (entry) => [waiverKey(entry)]));
const waiversMap = z.strictObject({ waivers });
/** What a waivers file holds. */
export const waiversContent = z.union([waiversMap, waivers], 'expected a map or a list');

export type WaiversContent = z.infer<typeof waiversContent>;

export function knownKeysOfWaivers(path: readonly PropertyKey[]): readonly string[] {
  return Object.keys((path.length === 0 ? waiversMap : waiver).shape);
}

function waiverKey(entry: z.infer<typeof waiver>): [rule: string, resource: string, account: string, region: string] {
  return [entry.rule, entry.resource ?? '*', entry.account ?? '', entry.region ?? ''];
}

export function waiverRows(content: WaiversContent): Waiver[] {
  return (Array.isArray(content) ? content : content.waivers).map((entry): Waiver => {
    const [Rule, Resource, Account, Region] = waiverKey(entry);
    return {
      Rule,
      Resource,
      Account,
      Region,
      Reason: entry.reason,
      Owner: entry.owner,
      Ticket: entry.ticket,
      ApprovedBy: entry.approved_by,
      Expires: toDate(entry.expires),
    };
  });
}
