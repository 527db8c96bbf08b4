import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readIntents } from '../../src/plugin/intents.js';
import { parseSpec } from '../../src/plugin/spec.js';
import { SpecError } from '../../src/plugin/spec_error.js';
import { startSimulator } from '../../src/simulator/index.js';
import { actionsFor, probeFrom, syncFrom } from '../support/source.js';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'intents-'));
  file = join(folder, 'file.yml');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const read = async (key: 'approvals' | 'waivers', text: string): ReturnType<typeof readIntents> => {
  writeFileSync(file, text);
  return readIntents(parseSpec(Buffer.from(JSON.stringify({ [key]: file }))));
};

const approvals = `# Who may hold what.
delegations:
  - service: guardduty
    account: '222233334444'
    approved_by: Ada
    approved_on: 2026-01-02
    review_by: 2027-01-02
principals:
  - principal: arn:aws:sts::*:assumed-role/Admin/*
    actions: [organizations:*, guardduty:Enable*]
    approved_by: Ada
    approved_on: 2026-01-02
    reason: Break glass.
`;

const signed = { ApprovedBy: 'Ada', ApprovedOn: new Date('2026-01-02'), ReviewBy: undefined, Reason: undefined };

describe('the files of approvals and waivers', () => {
  it('become rows', async () => {
    const principal = {
      ...signed,
      Kind: 'principal',
      Service: '',
      Principal: 'arn:aws:sts::*:assumed-role/Admin/*',
      Method: '',
      Region: '',
      Reason: 'Break glass.',
    };
    expect(await read('approvals', approvals)).toEqual({
      approvals: [
        {
          ...signed,
          Kind: 'delegation',
          Service: 'guardduty',
          Principal: '222233334444',
          Method: '',
          Region: '',
          Action: '',
          ReviewBy: new Date('2027-01-02'),
        },
        { ...principal, Action: 'organizations:*' },
        { ...principal, Action: 'guardduty:Enable*' },
      ],
      waivers: [],
    });
    const one = `{rule: a, reason: Why., approved_by: Ada, expires: 2027-03-31}`;
    const row = { Rule: 'a', Resource: '*', Account: '', Region: '', Reason: 'Why.', ApprovedBy: 'Ada' };
    const rows = { approvals: [], waivers: [{ ...row, Expires: new Date('2027-03-31') }] };
    expect(await read('waivers', `waivers: [${one}]`)).toEqual(rows);
    expect(await read('waivers', `- ${one}`)).toEqual(rows);
  });

  it.each([
    ['nothing', '', ', line 1: expected a map or a list, found null.'],
    ['a text', 'see the wiki', ', line 1: expected a map or a list, found a string.'],
    [
      'broken YAML',
      'delegations:\n  - {service: guardduty\n',
      ', line 3, column 1: this is no valid YAML: Flow map in block collection must be sufficiently indented and end with a }. Correct it there.',
    ],
    [
      'a key twice',
      `${approvals}delegations: []\n`,
      ', line 14, column 1: this is no valid YAML: Map keys must be unique. Correct it there.',
    ],
    [
      'an alias of nothing',
      'delegations: *x\n',
      ': this is no valid YAML: Unresolved alias (the anchor must be set before the alias): x. Correct it there.',
    ],
    [
      'an unknown key',
      approvals.replace('review_by', 'revew_by'),
      ", line 7: delegations[0]: unknown key 'revew_by'. Did you mean 'review_by'? Known here: service, account, method, region, approved_by, approved_on, review_by, reason.",
    ],
    [
      'an unknown list',
      approvals.replace('principals', 'principal'),
      ", line 9: unknown key 'principal'. Did you mean 'principals'? Known here: delegations, principals.",
    ],
    [
      'an account without quotes',
      approvals.replace(/'/g, ''),
      ', line 4: delegations[0].account: expected an account ID (12 digits, in quotes) or a principal of the delegation policy, found 222233334444.',
    ],
    [
      'a wrong date',
      approvals.replace('2027-01-02', '2027-01-32'),
      ', line 7: delegations[0].review_by: expected a date such as 2026-12-31, found "2027-01-32".',
    ],
    [
      'a missing key',
      approvals.replace('    approved_by: Ada\n', ''),
      ', line 3: delegations[0].approved_by: expected string, found nothing.',
    ],
    [
      'the same approval twice',
      approvals.replace(
        'principals:',
        "  - {service: guardduty, account: '222233334444', approved_by: Bob, approved_on: 2026-01-03}\nprincipals:",
      ),
      ', line 8: delegations[1]: the same approval as [0]: guardduty, 222233334444.',
    ],
  ])('%s is one error with its place', async (_what, text, message) => {
    await expect(read('approvals', text)).rejects.toThrow(new SpecError(`${file}${message}`));
  });

  it('hold in the examples of the docs', async () => {
    const docs = join(import.meta.dirname, '../../docs');
    const spec = { approvals: join(docs, 'approvals.yml'), waivers: join(docs, 'waivers.yml') };
    const { approvals, waivers } = await readIntents(parseSpec(Buffer.from(JSON.stringify(spec))));
    expect(approvals.map(({ Kind }) => Kind)).toEqual([
      'delegation',
      'delegation',
      'delegation',
      'principal',
      'principal',
    ]);
    expect(waivers).toHaveLength(2);
  });

  it('has to be there', async () => {
    const spec = parseSpec(Buffer.from(JSON.stringify({ waivers: join(folder, 'none.yml') })));
    await expect(readIntents(spec)).rejects.toThrow(
      new SpecError(
        `spec.waivers: expected the path of a YAML file, found no file at ${folder}/none.yml. A relative path starts at the folder of ` +
          "the spec file; with the CloudQuery CLI, at the plugin's working directory.",
      ),
    );
    await expect(readIntents(parseSpec(Buffer.from(JSON.stringify({ waivers: folder }))))).rejects.toThrow(
      `found what cannot be read (EISDIR) at ${folder}.`,
    );
  });

  it('is opened by a sync before AWS is asked, and by nothing else', async () => {
    const simulator = await startSimulator({ scenario: 'minimal' });
    try {
      const options = { tables: ['aws_organizations'], spec: { approvals: join(folder, 'none.yml') } };
      await expect(syncFrom(simulator, options)).rejects.toThrow(/found no file at/);
      expect(simulator.requests).toEqual([]);
      expect(actionsFor(simulator, options)).toContain('organizations:DescribeOrganization');
      expect((await probeFrom(simulator, options)).calls.length).toBeGreaterThan(0);

      writeFileSync(file, approvals);
      const { tables, reads } = await syncFrom(simulator, { ...options, spec: { approvals: file } });
      expect(tables['aws_delegation_approvals']).toHaveLength(3);
      expect(reads.find((row) => row['table_name'] === 'aws_delegation_approvals')).toMatchObject({
        outcome: 'ok',
        row_count: 3,
      });
    } finally {
      await simulator.close();
    }
  });
});
