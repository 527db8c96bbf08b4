// Reads the report of `npm audit --json` from stdin. Exit code 0: no hole of severity high or critical is known, 1: there is one, 2: it is
// not known, because the registry did not say.
import { pathToFileURL } from 'node:url';

const failing = ['high', 'critical'];

/** @returns {{ code: 0 | 1 | 2, lines: string[] }} */
export function judgeAudit(text) {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return { code: 2, lines: ['npm audit gave no report'] };
  }
  // An error of the registry is JSON as well, and npm's exit code is the same for both.
  const counts = report?.metadata?.vulnerabilities;
  if (
    report?.auditReportVersion !== 2 ||
    typeof report.vulnerabilities !== 'object' ||
    typeof counts?.total !== 'number'
  ) {
    const why = report?.message ?? report?.error?.summary;
    return { code: 2, lines: [`the registry did not say which holes are known${why ? `: ${oneLine(why)}` : ''}`] };
  }
  const found = Object.values(report.vulnerabilities);
  const lines = found.map(({ name, severity, range, via, fixAvailable }) => {
    const advisories = via.filter((each) => typeof each === 'object').map(({ title, url }) => `${title} (${url})`);
    const through = via.filter((each) => typeof each === 'string');
    const why = advisories.length > 0 ? advisories.join('; ') : `by way of ${through.join(', ')}`;
    return oneLine(`${severity}: ${name} ${range}: ${why}; ${fixAvailable ? 'a fix is there' : 'no fix yet'}`);
  });
  const isFailed =
    found.some(({ severity }) => failing.includes(severity)) || failing.some((level) => counts[level] > 0);
  return { code: isFailed ? 1 : 0, lines: lines.length > 0 ? lines : ['no hole is known'] };
}

function oneLine(text) {
  return String(text).replace(/\s+/g, ' ').slice(0, 400);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  let text = '';
  for await (const part of process.stdin.setEncoding('utf8')) text += part;
  const { code, lines } = judgeAudit(text);
  console.log(lines.join('\n'));
  process.exitCode = code;
}
