import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { expectedOwners, ownerSelectors } from '../../src/plugin/spec_rows.js';
import { parseSpec, specJsonSchema } from '../../src/plugin/spec.js';
import { SpecError } from '../../src/plugin/spec_error.js';

const parse = (spec: unknown): ReturnType<typeof parseSpec> => parseSpec(Buffer.from(JSON.stringify(spec)));

describe('the spec', () => {
  it.each(['', 'null', '{}'])('%j is the spec with every default', (text) => {
    expect(parseSpec(Buffer.from(text))).toEqual({
      regions: [],
      account_tags: false,
      owners: {},
      expectations: {},
      separation_of_duties: false,
      max_age_hours: 24,
      events: { lookback_days: 90 },
      on_denied: 'report',
      on_failure: 'fail',
      concurrency: 20,
      max_retries: 10,
      max_backoff: 30,
      request_timeout: 30,
    });
  });

  it.each([
    [{ regoins: [] }, "spec: unknown key 'regoins'. Did you mean 'regions'? Known here: accounts, regions,"],
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
    [{ accounts: [{ id: 'm' }, { id: 'm', local_profile: 'security' }] }, 'spec.accounts: the same id twice.'],
    [
      { accounts: [{ id: 'm' }, { local_profile: 'security' }] },
      'spec.accounts[1].id: expected string, found nothing.',
    ],
    ...[
      'arn:aws:iam::111122223333:role/OrgAudit',
      '/OrgAudit',
      'audit/',
      'audit//OrgAudit',
      'Org*',
      'Org Audit',
      '',
      'r'.repeat(65),
    ].map<[object, string]>((name) => [
      { delegated_admin_role_name: name },
      'spec.delegated_admin_role_name: expected the name of a role, after its path where it has one, and no ARN',
    ]),
    [{ delegated_admin_role_name: ['OrgAudit'] }, 'spec.delegated_admin_role_name: expected string, found a list.'],
    [
      { delegated_admin_external_id: 'audit-2026' },
      'spec.delegated_admin_external_id: goes with delegated_admin_role_name.',
    ],
    [
      { delegated_admin_role_name: 'OrgAudit', delegated_admin_external_id: '' },
      'spec.delegated_admin_external_id: expected some text, found "".',
    ],
    [{ events: { lookback_days: 0 } }, 'spec.events.lookback_days: Too small: expected number to be >=1, found 0.'],
    [
      { events: { lookback_days: 91 } },
      'spec.events.lookback_days: CloudTrail keeps 90 days of event history, found 91.',
    ],
    [{ events: { lookback_days: 1.5 } }, 'spec.events.lookback_days: expected int, found 1.5.'],
    [{ events: { days: 30 } }, "spec.events: unknown key 'days'. Known here: lookback_days."],
    [{ events: [] }, 'spec.events: expected object, found an empty list.'],
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

  it.each([
    [{ delegated_admin_role_name: 'OrgAudit' }],
    [{ delegated_admin_role_name: 'audit/org/OrgAudit', delegated_admin_external_id: 'audit-2026' }],
    [{ delegated_admin_role_name: `${'p'.repeat(500)}/${'r'.repeat(64)}` }],
    [{ accounts: [{ id: 'management' }, { id: 'security', local_profile: 'security' }] }],
    [{ events: { lookback_days: 1 } }],
    [{ events: { lookback_days: 90 } }],
  ])('%j is what it says', (spec) => {
    expect(parse(spec)).toMatchObject(spec);
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
    [{ custom_endpoint_url: 'hunter2' }, 'spec.custom_endpoint_url: Invalid URL, found a string.'],
    [
      { custom_endpoint_url: 'https://user:hunter2@proxy.example.com' },
      'spec.custom_endpoint_url: an endpoint has no user and password; leave out what stands before the @.',
    ],
    [{ delegated_admin_external_id: ['hunter2'] }, 'spec.delegated_admin_external_id: expected string, found a list.'],
    [
      { accounts: [{ id: 'm', 'secret_access_key:hunter2': null }] },
      "spec.accounts[0]: unknown key 'secret_access_key…' (the rest may be a secret and is not shown; a space belongs after the colon).",
    ],
    [{ accounts: [{ id: 'm', AKIAHUNTER2HUNTER2HU: 'x' }] }, "spec.accounts[0]: unknown key '…' (the rest"],
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

  const owners = { infosec: { accounts: ['111122223333'] }, networking: { names: ['net'] } };
  const approval = { service: 'guardduty', account: '222233334444', approved_by: 'Ada', approved_on: '2026-01-02' };
  const admin = { principal: 'arn:aws:iam::*:role/admin', approved_by: 'Ada', approved_on: '2026-01-02' };
  const waiver = { rule: 'scp_prevents_leaving', reason: 'Soon gone.', approved_by: 'Ada', expires: '2027-03-31' };
  const keysOfApproval = 'service, account, method, region, approved_by, approved_on, review_by, reason';
  const anAccount = 'expected an account ID (12 digits, in quotes) or a principal of the delegation policy';

  it.each([
    [
      { expectations: { guarduty: ['infosec'] } },
      "spec.expectations.guarduty: 'guarduty' is no service of the catalogue (did you mean guardduty?).",
    ],
    [
      { expectations: { 'sso.amazonaws.com': ['infosec'] } },
      "spec.expectations.sso.amazonaws.com: 'sso.amazonaws.com' is no service of the catalogue (did you mean identity-center?).",
    ],
    [
      { expectations: { quux: ['infosec'] } },
      "spec.expectations.quux: 'quux' is no service of the catalogue (docs/services.md lists them).",
    ],
    [
      { expectations: { guardduty: ['infosec', 'secops'] } },
      "spec.expectations.guardduty[1]: 'secops' is no owner of this spec: add `owners: {secops: {accounts: ['111122223333']}}` " +
        'with your account, or name one of infosec, networking.',
    ],
    [
      { owners: {}, expectations: { guardduty: ['infosec'] } },
      "spec.expectations.guardduty[0]: 'infosec' is no owner of this spec: add `owners: {infosec: {accounts: ['111122223333']}}` " +
        'with your account.',
    ],
    [{ expectations: { ipam: [] } }, 'spec.expectations.ipam: expected at least one owner, found an empty list.'],
    [{ expectations: { ipam: 'infosec' } }, 'spec.expectations.ipam: expected array, found "infosec".'],
    [{ expectations: { ipam: ['infosec', 'infosec'] } }, 'spec.expectations.ipam: the same owner twice.'],
    [{ expectations: ['ipam'] }, 'spec.expectations: expected record, found a list.'],
    [{ approvals: null }, 'spec.approvals: expected a path, a map or a list, found null.'],
    [{ approvals: '' }, 'spec.approvals: expected some text, found "".'],
    [
      { approvals: { delegation: [] } },
      "spec.approvals: unknown key 'delegation'. Did you mean 'delegations'? Known here: delegations, principals.",
    ],
    [
      { approvals: [{ ...approval, until: 'x' }] },
      `spec.approvals[0]: unknown key 'until'. Known here: ${keysOfApproval}.`,
    ],
    [
      { approvals: { principals: [{ ...admin, service: 'x' }] } },
      "spec.approvals.principals[0]: unknown key 'service'. Known here: principal, actions, approved_by, approved_on, review_by, reason.",
    ],
    [{ approvals: { delegations: {} } }, 'spec.approvals.delegations: expected array, found a map.'],
    [
      { approvals: [{ ...approval, account: 222233334444 }] },
      `spec.approvals[0].account: ${anAccount}, found 222233334444.`,
    ],
    [
      { approvals: [{ ...approval, account: '22223333444' }] },
      `spec.approvals[0].account: ${anAccount} (an ARN, a service principal, or '*' where the policy says so), found "22223333444".`,
    ],
    [
      { approvals: [{ ...approval, account: 'arn:aws:iam::222233334444:role/*' }] },
      `spec.approvals[0].account: ${anAccount} (an ARN, a service principal, or '*' where the policy says so), found "arn:aws:iam::222233334444:role/*".`,
    ],
    [
      { approvals: [{ ...approval, account: '*', method: 'service' }] },
      'spec.approvals[0].account: with method service only an account holds: expected its ID, 12 digits in quotes.',
    ],
    [
      { approvals: [{ ...approval, service: 'Guard Duty' }] },
      "spec.approvals[0].service: 'Guard Duty' is no service of the catalogue (did you mean guardduty?).",
    ],
    [
      { approvals: [{ ...approval, method: 'policy' }] },
      'spec.approvals[0].method: expected one of "organizations"|"service"|"resource_policy", found "policy".',
    ],
    [
      { approvals: [{ ...approval, region: 'eu-wset-1' }] },
      "spec.approvals[0].region: 'eu-wset-1' is no Region of AWS (did you mean eu-west-1 or eu-west-2 or eu-west-3?).",
    ],
    [
      { approvals: [{ ...approval, region: '*' }] },
      "spec.approvals[0].region: expected one Region: leave the key out for every one, found '*'.",
    ],
    [
      { approvals: [{ ...approval, region: 'eu-west-1', method: 'organizations' }] },
      'spec.approvals[0].region: a delegation by organizations has no Region: leave it out.',
    ],
    [
      { approvals: [{ ...approval, approved_on: '2026-02-30' }] },
      'spec.approvals[0].approved_on: expected a date such as 2026-12-31, found "2026-02-30".',
    ],
    [
      { approvals: [{ ...approval, approved_on: '2.1.2026' }] },
      'spec.approvals[0].approved_on: expected a date such as 2026-12-31, found "2.1.2026".',
    ],
    [
      { approvals: [{ ...approval, approved_on: undefined }] },
      'spec.approvals[0].approved_on: expected a date such as 2026-12-31, found nothing.',
    ],
    [
      { approvals: [{ ...approval, review_by: '2026-01-01' }] },
      'spec.approvals[0].review_by: 2026-01-01 is before approved_on (2026-01-02).',
    ],
    [
      { approvals: [approval, { ...approval, reason: 'Again.' }] },
      'spec.approvals[1]: the same approval as [0]: guardduty, 222233334444.',
    ],
    [
      { approvals: { principals: [{ ...admin, principal: '*' }] } },
      'spec.approvals.principals[0].principal: expected the ARN of a principal, with * for anything, or a service principal, found "*".',
    ],
    [
      { approvals: { principals: [{ ...admin, actions: ['AttachPolicy'] }] } },
      'spec.approvals.principals[0].actions[0]: expected an IAM action, with * for anything, found "AttachPolicy".',
    ],
    [
      {
        approvals: {
          principals: [
            { ...admin, actions: ['iam:*'] },
            { ...admin, actions: ['ec2:*', 'iam:*'] },
          ],
        },
      },
      'spec.approvals.principals[1]: the same approval as [0]: arn:aws:iam::*:role/admin, iam:*.',
    ],
    [{ waivers: 7 }, 'spec.waivers: expected a path, a map or a list, found 7.'],
    [{ waivers: {} }, 'spec.waivers.waivers: expected array, found nothing.'],
    [
      { waivers: [{ ...waiver, accounts: [] }] },
      "spec.waivers[0]: unknown key 'accounts'. Did you mean 'account'? Known here: rule, resource, account, region, reason, owner, ticket, approved_by, expires.",
    ],
    [{ waivers: [{ ...waiver, reason: undefined }] }, 'spec.waivers[0].reason: expected string, found nothing.'],
    [
      { waivers: [{ ...waiver, expires: 'never' }] },
      'spec.waivers[0].expires: expected a date such as 2026-12-31, found "never".',
    ],
    [
      { waivers: [{ ...waiver, rule: 'SCP prevents leaving' }] },
      'spec.waivers[0].rule: expected the ID of a rule, with * for anything, found "SCP prevents leaving".',
    ],
    [
      {
        waivers: [
          { ...waiver, account: '1234*5678*9' },
          { ...waiver, account: '12345' },
        ],
      },
      'spec.waivers[1].account: expected an account ID (12 digits, in quotes), with * for anything, found "12345".',
    ],
    [
      {
        waivers: [
          { ...waiver, region: 'eu-*' },
          { ...waiver, region: 'eu-wset-1' },
        ],
      },
      "spec.waivers[1].region: 'eu-wset-1' is no Region of AWS (did you mean eu-west-1 or eu-west-2 or eu-west-3?).",
    ],
    [
      { workload_ous: ['Workloads'] },
      `spec.workload_ous[0]: expected an OU's ID or its path from '/', found "Workloads".`,
    ],
    [{ workload_ous: [] }, 'spec.workload_ous: Too small: expected array to have >=1 items, found an empty list.'],
    [
      { allowed_regions: ['*'] },
      "spec.allowed_regions[0]: expected one Region: leave the key out for every one, found '*'.",
    ],
    [{ allowed_regions: ['eu-west-1', 'eu-west-1'] }, 'spec.allowed_regions: the same Region twice.'],
    [{ separation_of_duties: 'yes' }, 'spec.separation_of_duties: expected boolean, found "yes".'],
    [{ max_age_hours: 0 }, 'spec.max_age_hours: Too small: expected number to be >=1, found 0.'],
    [
      { waivers: { waivers: [waiver, { ...waiver, resource: '*' }] } },
      'spec.waivers.waivers[1]: the same waiver as [0]: scp_prevents_leaving, *.',
    ],
  ])('%j is refused, in these words', (spec, message) => {
    expect(() => parse({ owners, ...spec })).toThrow(new SpecError(message));
  });

  it('takes intents as maps, as lists and as paths', () => {
    const approvals = { delegations: [approval], principals: [admin] };
    expect(parse({ approvals, waivers: { waivers: [waiver] } })).toMatchObject({
      approvals,
      waivers: { waivers: [waiver] },
    });
    expect(parse({ approvals: [approval], waivers: [waiver] })).toMatchObject({
      approvals: [approval],
      waivers: [waiver],
    });
    expect(parse({ approvals: 'a.yml', waivers: '/w.yml' })).toMatchObject({ approvals: 'a.yml', waivers: '/w.yml' });
    const expectations = { guardduty: ['infosec'], ipam: ['networking', 'infosec'] };
    expect(expectedOwners(parse({ owners, expectations }))).toEqual([
      { ServiceId: 'guardduty', Owner: 'infosec' },
      { ServiceId: 'ipam', Owner: 'networking' },
      { ServiceId: 'ipam', Owner: 'infosec' },
    ]);
  });

  it.each([
    ['an unknown service principal', { ...approval, service: 'new.amazonaws.com' }],
    ['a role of the delegation policy', { ...approval, account: 'arn:aws:iam::222233334444:role/policies' }],
    ['everybody', { ...approval, account: '*', method: 'resource_policy' }],
    ['a date as a YAML reader in Go leaves it', { ...approval, approved_on: '2026-01-02T00:00:00Z' }],
  ])('an approval may name %s', (_what, entry) => {
    expect(parse({ approvals: [entry] }).approvals).toEqual([entry]);
  });

  it('has a JSON Schema of the same keys', () => {
    const schema = JSON.parse(specJsonSchema()) as { additionalProperties: unknown; properties: object };
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties)).toContain('regions');
    expect(schema).not.toHaveProperty('required');
  });

  // A pattern that Go's regular expressions do not know costs the user the whole schema: the CLI then validates nothing.
  it('has a JSON Schema whose patterns the CloudQuery CLI can compile', () => {
    const patterns = patternsIn(JSON.parse(specJsonSchema()));
    expect(patterns.length).toBeGreaterThan(5);
    for (const pattern of patterns) expect(() => RE2JS.compile(pattern), pattern).not.toThrow();
  });
});

function patternsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'pattern' && typeof value === 'string' ? [value] : patternsIn(value),
  );
}
