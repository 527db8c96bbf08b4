import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RulesError } from './errors.js';

export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Framework to the numbers in it: `cis_aws_7.0` to `['2.1.6']`. */
  readonly frameworks: Readonly<Record<string, readonly string[]>>;
  /** Tables on which the verdict leans; `*` stands for a part of the name. */
  readonly reads: readonly string[];
  /** Why anybody should care: what goes wrong where it does not hold. */
  readonly why: string;
  /** How a verdict comes about, so that an auditor can repeat it by hand. */
  readonly decides: string;
  /** What an `unknown` of this rule means, and what ends it. */
  readonly unknown: string;
  /** May have `{service_name}`, `{service_id}`, `{region}`, `{account_id}` and `{organization_id}` in it. */
  readonly remediation: string;
  /** Page of AWS that the rule rests on. */
  readonly source: string;
  /** Where it was read from, for messages. */
  readonly file: string;
  /** One SELECT, without the header and the semicolon. */
  readonly sql: string;
}

const keys = [
  'id',
  'title',
  'severity',
  'frameworks',
  'reads',
  'why',
  'decides',
  'unknown',
  'remediation',
  'source',
] as const;
type Key = (typeof keys)[number];

/** The rules of the pack, by id. */
export async function loadRules(queriesDir: string, wanted?: readonly string[]): Promise<Rule[]> {
  const folder = join(queriesDir, 'rules');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const rules = await Promise.all(
    files.map(async (file) => parseRule(await readFile(join(folder, file), 'utf8'), join('queries', 'rules', file))),
  );
  if (!wanted) return rules;
  const unknown = wanted.filter((id) => !rules.some((rule) => rule.id === id));
  if (unknown.length > 0) {
    throw new RulesError(
      `There is no rule ${unknown.map((id) => `"${id}"`).join(', ')}. There are: ${rules.map(({ id }) => id).join(', ')}.`,
      { exitCode: 3 },
    );
  }
  return rules.filter(({ id }) => wanted.includes(id));
}

/** Reads a rule file: `-- key: value` lines, a long value going on in lines without a key, then one SELECT. */
export function parseRule(text: string, file: string): Rule {
  const lines = text.split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const header = end === -1 ? lines : lines.slice(0, end);
  const values = new Map<Key, string>();
  let last: Key | undefined;
  for (const [index, line] of header.entries()) {
    const where = `line ${index + 1}`;
    const [, more] = /^-- {2,}(\S.*)$/.exec(line) ?? [];
    if (more !== undefined && last !== undefined) {
      values.set(last, `${values.get(last) ?? ''} ${more.trim()}`);
      continue;
    }
    const [, key, value] = /^-- ([^\s:]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) throw wrong(file, `${where} is not "-- key: value"`);
    if (!isKey(key)) throw wrong(file, `${where} has the unknown key "${key}"`);
    if (values.has(key)) throw wrong(file, `${where} has "${key}" again`);
    if (value.trim() === '') throw wrong(file, `${where}: "${key}" is empty`);
    values.set(key, value.trim());
    last = key;
  }
  const value = (key: Key): string => {
    const found = values.get(key);
    if (found === undefined) throw wrong(file, `"${key}" is missing`);
    return found;
  };
  const id = value('id');
  if (!/^[a-z][a-z0-9_]*$/.test(id)) throw wrong(file, `"id" is "${id}", which is not in snake_case`);
  if (!file.endsWith(`${id}.sql`)) throw wrong(file, `"id" is "${id}", and the file should be called ${id}.sql`);
  const severity = value('severity');
  if (!isSeverity(severity)) throw wrong(file, `"severity" is "${severity}"`);
  const sql = (end === -1 ? '' : lines.slice(end).join('\n')).trim().replace(/;\s*$/, '');
  if (!/^(with|select)\b/i.test(sql)) throw wrong(file, 'there is no SELECT below the header');
  return {
    id,
    title: value('title'),
    severity,
    frameworks: parseFrameworks(value('frameworks'), file),
    reads: list(value('reads'), ','),
    why: value('why'),
    decides: value('decides'),
    unknown: value('unknown'),
    remediation: value('remediation'),
    source: value('source'),
    file,
    sql,
  };
}

/** `cis_aws_7.0: 2.1.2, 2.1.6; other: 1` */
function parseFrameworks(text: string, file: string): Record<string, string[]> {
  if (text === 'none') return {};
  const frameworks: Record<string, string[]> = {};
  for (const part of list(text, ';')) {
    const [, name, numbers] = /^([\w.]+)\s*:\s*(.+)$/.exec(part) ?? [];
    if (name === undefined || numbers === undefined) {
      throw wrong(file, `"frameworks" has "${part}", which is not "name: number, number"`);
    }
    frameworks[name] = list(numbers, ',');
  }
  return frameworks;
}

function list(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function isKey(key: string): key is Key {
  return (keys as readonly string[]).includes(key);
}

function isSeverity(text: string): text is Severity {
  return (severities as readonly string[]).includes(text);
}

function wrong(file: string, what: string): RulesError {
  return new RulesError(
    `Reading the rule ${file}: ${what}. A rule begins with one line each of "-- ${keys.join('", "-- ')}" ` +
      `(severity: ${severities.join(', ')}; frameworks: "name: number, number" or none), and then has one SELECT.`,
  );
}
