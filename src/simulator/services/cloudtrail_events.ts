import type { Call, Input, Operation } from '../call.js';
import { AwsError } from '../errors.js';
import { text } from '../input.js';
import { seal, unseal } from '../pages.js';
import { history, type Cursor, type Entry } from './cloudtrail_history.js';
import { identityOf, isReadOnly, showEvent } from './cloudtrail_records.js';

// The event history. Members, limits and error names: botocore, cloudtrail 2013-11-01, LookupEvents. Nothing public shows the
// words of its errors; they are the model's descriptions.
function failure(code: string, message: string): AwsError {
  return new AwsError(code, 400, message);
}

const ATTRIBUTES: Record<string, (entry: Entry, partition: string) => readonly (string | undefined)[]> = {
  EventId: ({ id }) => [id],
  EventName: ({ name }) => [name],
  ReadOnly: (entry) => [String(isReadOnly(entry))],
  Username: (entry, partition) => [identityOf(entry, partition).username],
  ResourceType: ({ fields }) => (fields.resources ?? []).map(({ type }) => type),
  ResourceName: ({ fields }) => (fields.resources ?? []).map(({ name }) => name),
  EventSource: ({ fields }) => [fields.source],
  AccessKeyId: (entry, partition) => [identityOf(entry, partition).accessKeyId],
};

const OF_INSIGHTS = ['EventId', 'EventName', 'EventSource'];

interface Attribute {
  readonly AttributeKey: string;
  readonly AttributeValue: string;
}

/** "Currently the list can contain only one item." */
function readAttribute({ LookupAttributes = [], EventCategory }: Input): Attribute | undefined {
  const [attribute, ...more] = LookupAttributes as readonly Attribute[];
  if (more.length > 0) {
    throw failure('InvalidLookupAttributesException', 'You can specify only one attribute for each lookup.');
  }
  if (!attribute) return undefined;
  const { AttributeKey: key, AttributeValue: value } = attribute;
  // "The following characters count as two characters towards the 2000 character limit."
  if (value.length + (value.match(/[_ ,\n]/g)?.length ?? 0) > 2000) {
    throw failure('InvalidLookupAttributesException', `The value of ${key} is longer than 2000 characters.`);
  }
  if (EventCategory !== undefined && !OF_INSIGHTS.includes(key)) {
    throw failure('InvalidLookupAttributesException', `${key} is no attribute of Insights events.`);
  }
  return attribute;
}

/**
 * "After or at" and "before or at", in seconds. The model also refuses times "outside the range of possible values" and does not
 * say which these are. A start before the 90 days is none of them: now less 90 days is before them when it arrives.
 */
function readRange({ StartTime, EndTime }: Input): { start: number; end: number } {
  const start = typeof StartTime === 'number' ? StartTime : -Infinity;
  const end = typeof EndTime === 'number' ? EndTime : Infinity;
  if (start > end) {
    throw failure('InvalidTimeRangeException', 'The start time occurs after the end time.');
  }
  return { start, end };
}

function writePosition(cursor: Cursor | undefined, step: number, size: number): string {
  const after = cursor ? `${cursor.time}_${cursor.id}` : '0';
  return `${after}/${step}/${size}`;
}

interface Position {
  readonly cursor: Cursor | undefined;
  readonly step: number;
}

/** "This token must be passed in with the same parameters that were specified in the original call", MaxResults among them. */
function readPosition(call: Call, size: number): Position {
  const token = text(call.input, 'NextToken');
  if (token === undefined) return { cursor: undefined, step: 0 };
  const position = unseal(call, token);
  // What the fault repeat_token hands out where there is one page only.
  if (position === '0-1') return { cursor: undefined, step: 1 };
  const [after = '', step, sizeBefore] = position?.split('/') ?? [];
  if (step === undefined || Number(sizeBefore) !== size) {
    throw failure(
      'InvalidNextTokenException',
      'A token that is not valid, or a token that was previously used in a request with different parameters.',
    );
  }
  const [time, id] = after.split('_');
  return { cursor: id === undefined ? undefined : { time: Number(time), id }, step: Number(step) };
}

export const lookupEvents: Operation = {
  input: {
    LookupAttributes: {
      type: 'list',
      item: {
        type: 'structure',
        members: {
          AttributeKey: { type: 'string', required: true, enum: Object.keys(ATTRIBUTES) },
          AttributeValue: { type: 'string', required: true, min: 1, max: 2000 },
        },
      },
    },
    StartTime: { type: 'timestamp' },
    EndTime: { type: 'timestamp' },
    EventCategory: { type: 'string', enum: ['insight'] },
    MaxResults: { type: 'integer', min: 1, max: 50 },
    NextToken: { type: 'string' },
  },
  handle(call) {
    const { input, world } = call;
    const { partition, empty_pages: hasEmptyPages, page_size: pageSize } = world.scenario;
    const attribute = readAttribute(input);
    const { start, end } = readRange(input);
    const size = typeof input['MaxResults'] === 'number' ? input['MaxResults'] : 50;
    const { cursor, step } = readPosition(call, size);
    // Nothing here is unusual, so there is no insight.
    if (input['EventCategory'] !== undefined) return { Events: [] };
    if (hasEmptyPages && step % 3 === 0) {
      return { Events: [], NextToken: seal(call, writePosition(cursor, step + 1, size)) };
    }

    const most = Math.min(size, pageSize ?? size);
    const found: Entry[] = [];
    for (const entry of history(call, cursor)) {
      if (entry.time > end) continue;
      if (entry.time < start) break;
      if (attribute && !ATTRIBUTES[attribute.AttributeKey]?.(entry, partition).includes(attribute.AttributeValue))
        continue;
      found.push(entry);
      // One more than is shown tells whether there is a next page.
      if (found.length > most) break;
    }
    const shown = found.slice(0, most);
    return {
      Events: shown.map((entry) => showEvent(entry, partition)),
      NextToken: found.length > most ? seal(call, writePosition(shown.at(-1), step + 1, size)) : undefined,
    };
  },
};
