import fc from 'fast-check';
import { ownerSelectors } from '../../src/plugin/spec_rows.js';
import { parseSpec } from '../../src/plugin/spec.js';
import { SpecError } from '../../src/plugin/spec_error.js';
import { isStorable, mutated, mutatedBytes, storableText, textsIn } from './nasty.js';
import { parsed, property, same, type Property } from './property.js';

const accountId = fc.constantFrom('111122223333', '000000000000', '222233334444');
const region = fc.constantFrom('eu-west-1', 'us-east-1', 'eu-central-1');
const ownerName = fc.constantFrom('infosec', 'networking', 'constructor', 'a', 'b_2');
const day = fc.constantFrom('2026-01-31', '2027-12-01');
const someText = (longest: number): fc.Arbitrary<string> => storableText(longest).filter((text) => text !== '');

const owner = fc.record(
  {
    accounts: fc.uniqueArray(accountId, { minLength: 1 }),
    names: fc.array(someText(100), { minLength: 1, maxLength: 3 }),
    ous: fc.array(
      storableText(50).map((text) => `/${text.replace(/[\n\r\u2028\u2029]/g, '')}`),
      { minLength: 1, maxLength: 2 },
    ),
    tags: fc
      .dictionary(someText(50), storableText(50), { minKeys: 1, maxKeys: 2 })
      .map((tags) => Object.fromEntries(Object.entries(tags).filter(([key]) => key !== '__proto__')))
      .filter((tags) => Object.keys(tags).length > 0),
  },
  { requiredKeys: ['accounts'] },
);

const signed = { approved_by: someText(40), approved_on: day };

export const delegationEntry = fc.record(
  {
    service: fc.constantFrom('guardduty', 'macie', 'new-thing.amazonaws.com'),
    account: accountId,
    method: fc.constantFrom('organizations', 'service'),
    reason: someText(200),
    ...signed,
  },
  { requiredKeys: ['service', 'account', 'approved_by', 'approved_on'] },
);

export const waiverEntry = fc.record(
  {
    rule: fc.constantFrom('*', 'every_region_has_admin', 'a*b', `${'*'.repeat(50)}x`),
    resource: someText(100),
    account: fc.constantFrom('111122223333', '1111*', '*'),
    reason: someText(200),
    owner: someText(40),
    ticket: someText(40),
    approved_by: someText(40),
    expires: day,
  },
  { requiredKeys: ['rule', 'reason', 'approved_by', 'expires'] },
);

const oncePer = <Entry>(entries: fc.Arbitrary<Entry>, keys: readonly (keyof Entry)[]): fc.Arbitrary<Entry[]> =>
  fc.uniqueArray(entries, {
    maxLength: 4,
    // As a row has it: what is left out is the same as what it stands for.
    selector: (entry) => JSON.stringify(keys.map((key) => entry[key] ?? (key === 'resource' ? '*' : ''))),
  });

export const delegationEntries = oncePer(delegationEntry, ['service', 'account', 'method']);
export const waiverEntries = oncePer(waiverEntry, ['rule', 'resource', 'account']);

export const validSpec = fc.record(
  {
    accounts: fc.constantFrom(
      [{ id: 'm' }],
      [{ id: 'm', access_key_id: 'AKIASECRET', secret_access_key: 'planted-secret' }],
    ),
    regions: fc.uniqueArray(region),
    delegated_admin_role_name: fc.constantFrom('OrgAudit', 'audit/OrgAudit'),
    account_tags: fc.boolean(),
    owners: fc
      .uniqueArray(ownerName, { minLength: 1 })
      .chain((names) =>
        fc
          .tuple(...names.map(() => owner))
          .map((owners) => Object.fromEntries(names.map((name, index) => [name, owners[index]]))),
      ),
    approvals: fc.oneof(fc.record({ delegations: delegationEntries }), delegationEntries),
    waivers: fc.oneof(fc.record({ waivers: waiverEntries }), waiverEntries),
    workload_ous: fc.constant(['/Workloads']),
    allowed_regions: fc.uniqueArray(region),
    separation_of_duties: fc.boolean(),
    max_age_hours: fc.integer({ min: 1, max: 8760 }),
    events: fc.record({ lookback_days: fc.integer({ min: 1, max: 90 }) }),
    on_denied: fc.constantFrom('report', 'fail'),
    on_failure: fc.constantFrom('report', 'fail'),
    concurrency: fc.integer({ min: 1, max: 1000 }),
  },
  { requiredKeys: [] },
);

const named = /^spec(\.|\[|:)/;
const parse = (text: string | Uint8Array): Promise<ReturnType<typeof parseSpec> | undefined> =>
  parsed(
    () => {
      try {
        return parseSpec(Buffer.from(text));
      } catch (error) {
        if ((error as Error).message.includes('planted-secret'))
          throw new Error('the message shows a secret', { cause: error });
        throw error;
      }
    },
    SpecError,
    named,
  );

/** Each member of the input is in what was made of it, and nothing else has become of it. */
function expectMeant(given: unknown, spec: object): void {
  for (const [key, value] of Object.entries(given ?? {})) {
    // What is left out within it has its default.
    if (key === 'events') same(Reflect.get(spec, key), { lookback_days: 90, ...(value as object) }, key);
    else same(Reflect.get(spec, key), value, key);
  }
}

export const specProperties: readonly Property[] = [
  property('a spec that holds is what it says', validSpec, async (made) => {
    // Without what JSON does not have, such as an object without a prototype.
    const given = JSON.parse(JSON.stringify(made)) as typeof made;
    const spec = await parse(JSON.stringify(given));
    if (spec === undefined) throw new Error('it was refused');
    expectMeant(given, spec);
    // Written out by hand: one selector of one kind is one row.
    const rows = Object.entries(given.owners ?? {}).flatMap(([name, entry]) => [
      ...(entry?.accounts ?? []).map((each) => [name, 'account', each]),
      ...(entry?.names ?? []).map((each) => [name, 'name', each]),
      ...(entry?.ous ?? []).map((each) => [name, 'ou', each]),
      ...Object.entries(entry?.tags ?? {}).map(([key, value]) => [name, 'tag', `${key}=${value}`]),
    ]);
    same(
      ownerSelectors(spec).map(({ Owner, SelectorType, Selector }) => [Owner, SelectorType, Selector]),
      rows,
      'selectors',
    );
  }),
  property(
    'a spec with something wrong in it is refused, or is what it says all the same',
    mutated(validSpec),
    async (given) => {
      const text = JSON.stringify(given ?? null);
      const spec = await parse(text);
      if (spec === undefined) return;
      if (!textsIn(spec).every(isStorable)) throw new Error('what no database stores was accepted');
      expectMeant(JSON.parse(text), spec);
    },
  ),
  property(
    'bytes that are no spec are refused',
    mutatedBytes(validSpec.map((spec) => JSON.stringify(spec))),
    async (bytes) => {
      const spec = await parse(bytes);
      if (spec !== undefined) {
        const text = bytes.toString('utf8').trim();
        expectMeant(text === '' ? {} : JSON.parse(text), spec);
      }
    },
  ),
];
