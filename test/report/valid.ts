import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Log } from 'sarif';
import { expect } from 'vitest';

const read = (name: string): object =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'schemas', name), 'utf8')) as object;

// How a schema is written, and its patterns, are not ours.
const options = { strict: false, allErrors: true, unicodeRegExp: false };
const sarif = new Ajv(options);
formats.default(sarif);
const isSarif = sarif.compile<Log>(read('sarif-2.1.0.json'));
const isFinding = new Ajv2020(options).compile<Finding>(read('ocsf-1.6.0-compliance-finding.json'));

export interface Finding {
  activity_name: string;
  type_uid: number;
  time: number;
  severity: string;
  status: string;
  message: string;
  finding_info: { uid: string; title: string; desc: string };
  compliance: { control: string; status: string; status_id: number; standards: string[]; requirements?: string[] };
  remediation?: { desc: string };
  resources?: { uid: string; type?: string; name?: string }[];
  cloud: { provider: string; region?: string; account?: { uid: string; name?: string }; org?: { uid: string } };
  unmapped?: Record<string, unknown>;
}

/** The log, which is valid against the schema that OASIS publishes. */
export function sarifLog(text: string): Log {
  const log: unknown = JSON.parse(text);
  isSarif(log);
  expect(isSarif.errors ?? []).toEqual([]);
  return log as Log;
}

/** The findings, each valid against the schema of OCSF. */
export function ocsfFindings(text: string): Finding[] {
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const finding: unknown = JSON.parse(line);
      isFinding(finding);
      expect(isFinding.errors ?? []).toEqual([]);
      return finding as Finding;
    });
}
