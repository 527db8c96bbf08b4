import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../scripts/audit.js');

function audit(report: string): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script], (error, stdout) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout });
    });
    child.stdin?.end(report);
  });
}

/** As npm 10 and 11 write it. */
function reportOf(...holes: { name: string; severity: string; via: unknown[] }[]): string {
  const counts = { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: holes.length };
  for (const { severity } of holes) counts[severity as 'low'] += 1;
  const entries = holes.map((hole) => [hole.name, { ...hole, range: '<2.0.0', fixAvailable: true }]);
  return JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(entries) as unknown,
    metadata: { vulnerabilities: counts },
  });
}

const advisory = { title: 'Prototype pollution', url: 'https://github.com/advisories/GHSA-xxxx', severity: 'high' };

it.each([
  ['none', reportOf(), 0, 'no hole is known\n'],
  [
    'a low one: reported, and no failure',
    reportOf({ name: 'x', severity: 'low', via: [advisory] }),
    0,
    'low: x <2.0.0: Prototype pollution (https://github.com/advisories/GHSA-xxxx); a fix is there\n',
  ],
  ['a high one', reportOf({ name: 'x', severity: 'high', via: [advisory] }), 1, /^high: x .*Prototype pollution/],
  ['a critical one by way of another', reportOf({ name: 'y', severity: 'critical', via: ['x'] }), 1, /by way of x/],
  [
    'an endpoint that is not there',
    '{"message": "405 Method Not Allowed - POST https://r.example/x", "statusCode": 405, "error": {"summary": ""}}',
    2,
    /^the registry did not say which holes are known: 405 Method Not Allowed/,
  ],
  [
    'no network',
    '{"error": {"code": "ENOTFOUND", "summary": "getaddrinfo\\nENOTFOUND"}}',
    2,
    /: getaddrinfo ENOTFOUND\n$/,
  ],
  ['nothing', '', 2, 'npm audit gave no report\n'],
  ['half of a report', reportOf().slice(0, 40), 2, 'npm audit gave no report\n'],
  ['a report without counts', '{"auditReportVersion": 2, "vulnerabilities": {}}', 2, /did not say/],
  ['null', 'null', 2, /did not say/],
])('%s', async (_what, report, code, says) => {
  const ended = await audit(report);
  expect(ended.code).toBe(code);
  expect(ended.stdout).toMatch(says);
});
