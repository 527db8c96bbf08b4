import fc from 'fast-check';
import { csvReport, jsonReport, junitReport, markdownReport, textReport } from '../../src/report/index.js';
import { fillRemediation, type ReportInput, type Rule } from '../../src/rules/index.js';
import { nasty, nastyFramework } from '../report/nasty.js';
import { expectPrintable, nastyText } from './nasty.js';
import { property, same, type Property } from './property.js';

const rule: Rule = { ...(nasty.results.find(({ status }) => status === 'fail') ?? { rule: undefined }).rule } as Rule;
const orNull = (text: fc.Arbitrary<string>): fc.Arbitrary<string | null> => fc.option(text);

/** What a report shows, with any text wherever AWS or a person has one. */
export const reportInputs: fc.Arbitrary<ReportInput> = fc
  .record({
    organizations: fc.array(
      fc.record({
        sourceName: nastyText(40),
        organizationId: orNull(nastyText(20)),
        managementAccountId: orNull(nastyText(12)),
        featureSet: orNull(nastyText(10)),
        syncTime: fc.constant('2026-11-01T12:00:00Z'),
        accountCount: fc.nat(9),
        isAbsent: fc.boolean(),
        readError: orNull(nastyText(60)),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    delegations: fc.array(
      fc.record({
        sourceName: nastyText(10),
        organizationId: orNull(nastyText(20)),
        serviceId: nastyText(20),
        serviceName: nastyText(60),
        category: fc.constantFrom('security', 'unknown'),
        servicePrincipal: orNull(nastyText(20)),
        region: orNull(nastyText(12)),
        method: fc.constantFrom('organizations' as const, 'service' as const, 'resource_policy' as const),
        delegatedAccountId: nastyText(100),
        accountName: orNull(nastyText(100)),
        ouPath: orNull(nastyText(200)),
        accountState: orNull(nastyText(10)),
        isManagementAccount: fc.boolean(),
        since: fc.constant(null),
        status: orNull(nastyText(20)),
        isHeld: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
    results: fc.array(
      fc.record({
        rule: fc.constant(rule),
        organizationId: orNull(nastyText(20)),
        accountId: orNull(nastyText(12)),
        region: orNull(nastyText(12)),
        resourceId: nastyText(100),
        status: fc.constantFrom(
          'pass' as const,
          'fail' as const,
          'unknown' as const,
          'waived' as const,
          'not_applicable' as const,
        ),
        rawStatus: fc.constantFrom('fail' as const),
        reason: nastyText(400),
        unknownCause: fc.constantFrom(null, 'unread' as const),
        waiver: orNull(nastyText(100)),
        remediation: orNull(nastyText(100)),
      }),
      { maxLength: 4 },
    ),
    waivers: fc.array(
      fc.record({
        organizationId: orNull(nastyText(20)),
        rule: nastyText(20),
        resource: nastyText(60),
        accountId: orNull(nastyText(12)),
        region: orNull(nastyText(12)),
        reason: nastyText(200),
        owner: orNull(nastyText(40)),
        ticket: orNull(nastyText(40)),
        approvedBy: nastyText(40),
        expires: fc.constant('2027-01-01'),
        state: fc.constantFrom('expired' as const, 'unused' as const),
      }),
      { maxLength: 2 },
    ),
    framework: fc.constantFrom(undefined, nastyFramework),
    executionTime: fc.constant(nasty.executionTime),
    packVersion: fc.constant('0.1.0'),
  })
  .map(({ framework, ...input }) => ({ ...input, ...(framework && { framework }) }));

/** RFC 4180, by the letter: anything else throws. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length;) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (at >= text.length) throw new Error('a quote is open at the end');
        if (text[at] !== '"') cell += text.charAt(at);
        else if (text[at + 1] === '"') cell += text.charAt(at++);
        else break;
      }
      at++;
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        if (text[at] === '"' || text[at] === '\n') throw new Error(`a bare ${JSON.stringify(text[at])} in a cell`);
        cell += text.charAt(at++);
      }
    }
    row.push(cell);
    if (text[at] === ',') {
      at++;
      if (at === text.length) throw new Error('a comma at the end');
    } else if (text.startsWith('\r\n', at)) {
      at += 2;
      rows.push(row);
      row = [];
    } else throw new Error(`${JSON.stringify(text[at])} after a cell`);
  }
  return rows;
}

interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

/** XML 1.0 as far as JUnit uses it; anything that is not well-formed throws. */
export function readXml(text: string): Element {
  let at = text.indexOf('?>') + 2;
  const decode = (raw: string): string => {
    if (raw.includes('<') || notXml.test(raw)) throw new Error(`in XML: ${JSON.stringify(raw)}`);
    return raw.replace(/&([^;]*)(;?)/g, (whole, name: string, end: string) => {
      const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
      if (end === '' || !(/^#\d+$/.test(name) || name in named)) throw new Error(`no reference: ${whole}`);
      return named[name] ?? String.fromCodePoint(Number(name.slice(1)));
    });
  };
  const element = (): Element => {
    const open = /^<([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/.exec(text.slice(at));
    if (!open) throw new Error(`no element: ${text.slice(at, at + 60)}`);
    const [whole, name = '', attributes = '', isEmpty] = open;
    at += whole.length;
    const found: Element = { name, attributes: {}, children: [], text: '' };
    for (const [, key = '', value = ''] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g))
      found.attributes[key] = decode(value);
    if (isEmpty === '/') return found;
    for (;;) {
      const next = text.indexOf('<', at);
      if (next === -1) throw new Error(`${name} is open at the end`);
      found.text += decode(text.slice(at, next));
      at = next;
      if (text.startsWith(`</${name}>`, at)) {
        at += name.length + 3;
        return found;
      }
      found.children.push(element());
    }
  };
  at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
  const root = element();
  if (text.slice(at).trim() !== '') throw new Error('something after the end');
  return root;
}

// eslint-disable-next-line no-control-regex -- what XML cannot have is looked for
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

// Written again, so that a slip in the report's own list shows.
const isHidden = (character: string, next: string | undefined): boolean => {
  const code = character.codePointAt(0) ?? 0;
  return (
    (code < 0x20 && !['\t', '\n'].includes(character) && !(character === '\r' && next === '\n')) ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0x2028 && code <= 0x202e && code !== 0x202f) ||
    (code >= 0x2066 && code <= 0x2069) ||
    (code >= 0xd800 && code <= 0xdfff)
  );
};
const shown = (text: string): string =>
  Array.from(text)
    .map((character, index, all) => (isHidden(character, all[index + 1]) ? '\ufffd' : character))
    .join('');
const inCell = (text: string | null): string => {
  const seen = shown(text ?? '');
  return /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(seen) ? `'${seen}` : seen;
};
const inXml = (text: string): string =>
  Array.from(text)
    .filter((character) => !notXml.test(character))
    .join('');

export function expectCsv(input: ReportInput): void {
  const text = csvReport(input);
  const [head = [], ...rows] = readCsv(text);
  if (rows.some(({ length }) => length !== head.length)) throw new Error('rows of several lengths');
  const cells = (row: readonly string[], ...names: string[]): (string | undefined)[] =>
    names.map((name) => row[head.indexOf(name)]);
  for (const [index, result] of input.results.entries()) {
    same(
      cells(rows[index] ?? [], 'status', 'resource_id', 'reason', 'waiver', 'remediation', 'account_id', 'region'),
      [
        result.status,
        ...[result.resourceId, result.reason, result.waiver, result.remediation, result.accountId, result.region].map(
          inCell,
        ),
      ],
      'CSV',
    );
  }
  expectPrintable(text.replaceAll(/[\t\r]/g, ''));
}

export function expectJson(input: ReportInput): void {
  const text = jsonReport(input);
  const found = JSON.parse(text) as {
    results: { resourceId: string; reason: string }[];
    organizations: unknown;
    delegations: unknown;
    waivers: unknown;
  };
  same(
    found.results.map(({ resourceId, reason }) => [resourceId, reason]),
    input.results.map(({ resourceId, reason }) => [resourceId, reason]),
    'JSON',
  );
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  same(
    [found.organizations, found.delegations, found.waivers],
    plain([input.organizations, input.delegations, input.waivers]),
    'JSON',
  );
  expectPrintable(text);
}

export function expectJunit(input: ReportInput): void {
  const text = junitReport(input, { strict: true });
  const cases = readXml(text).children.flatMap(({ children }) => children.filter(({ name }) => name === 'testcase'));
  for (const result of input.results) {
    const reason = inXml(result.reason);
    const isThere = cases.some(
      ({ attributes, children }) =>
        (attributes['name'] ?? '').startsWith(inXml(result.resourceId)) &&
        (result.status === 'pass' || (children[0]?.attributes['message'] ?? '').endsWith(reason)),
    );
    if (!isThere) throw new Error(`no case of ${JSON.stringify(result)}`);
  }
  expectPrintable(text);
}

export function expectMarkdown(input: ReportInput): void {
  const text = markdownReport(input);
  expectPrintable(text);
  for (const line of text.split('\n')) {
    const outside = line.replace(/(?<![\\`])`[^`]+`(?!`)/g, '').replaceAll('<!-- -->', '');
    if (/[<>]/.test(outside)) throw new Error(`HTML in ${line}`);
    if (/(?<!\\)(?:\\\\)*[[\]!](?!\\)/.test(outside.replaceAll(/\\./g, ''))) throw new Error(`a link in ${line}`);
    if (/(^|[^\p{L}\p{N}\\])@[\p{L}\p{N}]/u.test(line.replace(/@+<!-- -->/g, '').replace(/`[^`]*`/g, '')))
      throw new Error(`a mention in ${line}`);
    // Each line begins as one that the report itself begins.
    if (!/^($|#{2,3} |\| |- |-$|\*\*|To do: |To do:$|Organization |Nothing is synced: | {2}- )/.test(line))
      throw new Error(`a line of its own: ${line}`);
  }
}

export function expectText(input: ReportInput): void {
  for (const color of [true, false]) {
    const text = textReport(input, { width: 80, color });
    // eslint-disable-next-line no-control-regex -- the colours are its own
    expectPrintable(color ? text.replace(/\u001b\[\d+m/g, '') : text);
  }
}

export function expectReports(input: ReportInput): void {
  for (const expectReport of [expectCsv, expectJson, expectJunit, expectMarkdown, expectText]) expectReport(input);
}

export const reportProperties: readonly Property[] = [
  property('CSV is read again as it was, and no cell is a formula', reportInputs, expectCsv),
  property('JSON is read again as it was', reportInputs, expectJson),
  property('JUnit is well-formed, and has every reason', reportInputs, expectJunit),
  property('Markdown has no markup of somebody else', reportInputs, expectMarkdown),
  property('a terminal is shown nothing that it obeys', reportInputs, expectText),
  property(
    'what stands in a row is never a placeholder of a remediation',
    fc.record({ text: nastyText(60), region: orNull(nastyText(30)) }),
    ({ text, region }) => {
      const row = { organizationId: text, accountId: text, region, resourceId: `${text}!` };
      const services = new Map([
        ['guardduty', { groupName: text, registerCommand: 'x {region}', deregisterCommand: null }],
      ]);
      same(
        fillRemediation('{organization_id}|{account_id}|{region}|{service_id}', row, services),
        [text, text, region ?? 'every enabled Region', `${text}!`].join('|'),
        'remediation',
      );
      same(
        fillRemediation('{register_command}', { ...row, resourceId: 'guardduty' }, services),
        region === null ? '`x <REGION>` (once in each enabled Region)' : `\`x ${region}\``,
        'command',
      );
    },
  ),
];
