import { z } from 'zod';
import { accountId } from './values.js';

export const FAULT_KINDS = [
  'deny',
  'throttle',
  'server_error',
  'html',
  'html_error',
  'truncated',
  'cut',
  'empty_object',
  'hang',
  'reset',
  'repeat_token',
  'slow',
  'error',
  'empty_pages',
  'overlapping_pages',
  'expired_token',
  'drip',
  'endless_drip',
  'wrong_type',
  'other_protocol',
  'clock_skew',
  'expired_credentials',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const faultSchema = z.strictObject({
  /** `organizations:ListAccounts`; `*` and `?` as in IAM. */
  operation: z.string(),
  region: z.string().optional(),
  account: accountId.optional(),
  /** Members of the input that must have these values. */
  match: z.record(z.string(), z.unknown()).optional(),
  /** The first so many matching requests are answered as usual. */
  after: z.number().int().min(0).default(0),
  /** How often; default: for ever. */
  times: z.number().int().min(1).optional(),
  /** How often at most for the very same request, tries included, however many others there are. */
  times_each: z.number().int().min(1).optional(),
  /**
   * How many of the matching requests, as a part of 1. Which ones follows from the seed, from what is asked, where and by whom, and
   * from how often that was asked before: the order in which requests arrive makes no difference.
   */
  share: z.number().positive().max(1).default(1),
  /** Default: that of the scenario. */
  seed: z.number().int().optional(),
  kind: z.enum(FAULT_KINDS),
  /**
   * `slow`: until the answer; `drip`: from the first to the last piece; `endless_drip`: between two pieces;
   * `expired_token`, `expired_credentials`: how long they are good.
   */
  ms: z.number().min(0).optional(),
  /** `expired_token`, `expired_credentials`: for how many requests each of them is good. Default: none, unless `ms` is given. */
  uses: z.number().int().min(0).optional(),
  /** `empty_pages`: how many in front of each page. */
  pages: z.number().int().min(1).default(1),
  /** `clock_skew`: how far the server's clock is ahead; negative: behind. */
  minutes: z.number().default(30),
  /** `wrong_type` */
  content_type: z.string().default('text/html; charset=utf-8'),
  /** For `error`; they also replace what `deny`, `throttle`, `server_error` and `html_error` would send. */
  code: z.string().optional(),
  message: z.string().optional(),
  status: z.number().int().min(100).max(599).optional(),
});
