import { describe, expect, it } from 'vitest';
import { ownerSelectors, parseSpec, specJsonSchema } from '../../src/plugin/spec.js';

const parse = (spec: unknown): ReturnType<typeof parseSpec> => parseSpec(Buffer.from(JSON.stringify(spec)));

describe('the spec', () => {
  it.each(['', 'null', '{}'])('%j is the spec with every default', (text) => {
    expect(parseSpec(Buffer.from(text))).toEqual({
      regions: [],
      account_tags: false,
      owners: {},
      on_denied: 'report',
      on_failure: 'fail',
      concurrency: 20,
      max_retries: 10,
      max_backoff: 30,
      request_timeout: 30,
    });
  });

  it.each([
    [{ regoins: [] }, "spec: unknown key 'regoins'. Known here: accounts, regions,"],
    [{ regions: ['eu-wset-1'] }, "spec.regions[0]: 'eu-wset-1' is no Region of AWS (did you mean eu-west-1"],
    [{ regions: ['*', 'eu-west-1'] }, "spec.regions: '*' stands alone."],
    [{ regions: ['eu-west-1', 'eu-west-1'] }, 'spec.regions: the same Region twice.'],
    [{ regions: 'eu-west-1' }, 'spec.regions: expected array, found "eu-west-1".'],
    [{ on_denied: 'ignore' }, 'spec.on_denied: expected one of "report"|"fail", found "ignore".'],
    [{ max_retries: -1 }, 'spec.max_retries: Too small: expected number to be >=0, found -1.'],
    [{ accounts: [{ local_profile: 'audit' }] }, 'spec.accounts[0].id: expected string, found nothing.'],
    [
      { accounts: [{ id: 'm', profile: 'audit' }] },
      "spec.accounts[0]: unknown key 'profile'. Known here: id, local_profile,",
    ],
    [{ accounts: [{ id: 'm', external_id: 'x' }] }, 'spec.accounts[0].external_id: goes with role_arn.'],
    [{ owners: { infosec: {} } }, 'spec.owners.infosec: expected at least one of accounts, names, ous, tags.'],
    [
      { owners: { infosec: { accounts: [111122223333] } } },
      'spec.owners.infosec.accounts[0]: expected string, found 111122223333.',
    ],
    [
      { owners: { infosec: { accounts: ['1111'] } } },
      'spec.owners.infosec.accounts[0]: expected an account ID: 12 digits, in quotes',
    ],
    [
      { owners: { infosec: { ous: ['Security'] } } },
      "spec.owners.infosec.ous[0]: expected an OU's ID or its path from '/'",
    ],
    [{ custom_endpoint_url: 'localhost' }, 'spec.custom_endpoint_url:'],
  ])('%j is refused with what is wrong, where, and what is expected', (spec, message) => {
    expect(() => parse(spec)).toThrow(message);
  });

  it('never shows a secret that is in the wrong place', () => {
    const spec = { accounts: [{ id: 'm', access_key_id: 'AKIAEXAMPLE', secret_access_key: ['hunter2'] }] };
    expect(() => parse(spec)).toThrow('spec.accounts[0].secret_access_key: expected string, found a list.');
    expect(() => parse(spec)).not.toThrow('hunter2');
    const noList = { accounts: { id: 'm', access_key_id: 'AKIAEXAMPLE', secret_access_key: 'hunter2' } };
    expect(() => parse(noList)).toThrow('spec.accounts: expected array, found a map.');
    const text = Buffer.from('{"secret_access_key": hunter2}');
    expect(() => parseSpec(text)).toThrow(/^spec: expected JSON, found something else\.$/);
  });

  it.each([
    [{ accounts: { id: 'm', secret_access_key: 'hunter2' } }, 'spec.accounts: expected array, found a map.'],
    [{ accounts: ['hunter2'] }, 'spec.accounts[0]: expected object, found a string.'],
    [{ regions: [{ secret_access_key: 'hunter2' }] }, 'spec.regions[0]: expected string, found a map.'],
    [
      { accounts: [{ id: 'm', default_region: 'Hunter2/OfTheWrongVariable' }] },
      'spec.accounts[0].default_region: this (26 characters) is no Region of AWS.',
    ],
    [['hunter2'], 'spec: expected object, found a list.'],
    ['hunter2', 'spec: expected object, found a string.'],
  ])('names the kind of what may hold a secret, not its value: %j', (spec, message) => {
    expect(() => parse(spec)).toThrow(message);
    expect(() => parse(spec)).not.toThrow(/hunter2/i);
  });

  it('is refused where it is no JSON', () => {
    expect(() => parseSpec(Buffer.from('{'))).toThrow('spec: expected JSON');
    expect(() => parseSpec(Buffer.from('{"accounts": hunter2}'))).not.toThrow('hunter2');
  });

  it('turns owners into selectors', () => {
    const spec = parse({
      owners: {
        infosec: { accounts: ['111122223333'], ous: ['/Security'] },
        networking: { tags: { team: 'network' }, names: ['net'] },
      },
    });
    expect(ownerSelectors(spec)).toEqual([
      { Owner: 'infosec', SelectorType: 'account', Selector: '111122223333' },
      { Owner: 'infosec', SelectorType: 'ou', Selector: '/Security' },
      { Owner: 'networking', SelectorType: 'name', Selector: 'net' },
      { Owner: 'networking', SelectorType: 'tag', Selector: 'team=network' },
    ]);
  });

  it('has a JSON Schema of the same keys', () => {
    const schema = JSON.parse(specJsonSchema()) as { additionalProperties: unknown; properties: object };
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toContain('regions');
    expect(schema).not.toHaveProperty('required');
  });
});
