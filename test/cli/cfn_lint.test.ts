import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudFormationTemplate } from '../../src/cli/cloudformation.js';
import { delegateRole, readerRole } from '../../src/cli/roles.js';
import { neededFor } from '../support/source.js';

/** A Python that has `cfn-lint`. */
const python = process.env['MOTO_PYTHON'];
const shipped = fileURLToPath(new URL('../../docs/roles', import.meta.url));

if (python === undefined) {
  process.stdout.write('tests with cfn-lint left out: set MOTO_PYTHON to a Python with test/moto/requirements.txt\n');
}

const actions = neededFor(
  { url: 'http://localhost:1' },
  { spec: { account_tags: true, delegated_admin_role_name: 'audit/OrgAudit' } },
);
const reader = cloudFormationTemplate(readerRole(actions));
const delegate = cloudFormationTemplate(delegateRole(actions));

const right: Record<string, string> = {
  'the reader as it is shipped': readFileSync(join(shipped, 'reader.cloudformation.yml'), 'utf8'),
  'the delegates as they are shipped': readFileSync(join(shipped, 'delegate.cloudformation.yml'), 'utf8'),
  'the role of a workflow on GitHub': readFileSync(
    fileURLToPath(new URL('../../examples/github-actions/role.cloudformation.yml', import.meta.url)),
    'utf8',
  ),
  'the reader of a spec': reader,
  'the delegates of a spec': delegate,
};

const wrong: Record<string, { text: string; finding: RegExp }> = {
  'an action that IAM does not have': {
    text: reader.replace('macie2:ListOrganization', 'macie2:LostOrganization'),
    finding: /W3037 .*lostorganizationadminaccounts/,
  },
  "the name that Detective's API has for an action": {
    text: reader.replace('detective:ListOrganizationAdminAccount', 'detective:ListOrganizationAdminAccounts'),
    finding: /W3037 .*listorganizationadminaccounts/,
  },
  'a property that a role does not have': {
    text: delegate.replace('      Path:', '      Paths:'),
    finding: /E3002 .*Paths/,
  },
  'a parameter that there is not': {
    text: reader.replace('Ref: PrincipalArn', 'Ref: Principal'),
    finding: /E1020 .*Principal/,
  },
  'a condition that there is not': {
    text: reader.replace('- HasExternalId', '- HasExternal'),
    finding: /E1028 .*HasExternal/,
  },
  'a statement with another effect': {
    text: delegate.replace('Effect: Allow', 'Effect: Permit'),
    finding: /E35\d\d .*Permit/,
  },
  'a policy of another version': {
    text: delegate.replace("Version: '2012-10-17'", "Version: '2012-10-18'"),
    finding: /2012-10-18/,
  },
  'a default that its own pattern refuses': {
    text: delegate.replace('Default: /audit/', 'Default: audit'),
    finding: /E2015 /,
  },
  'what is no YAML': { text: delegate.replace('Resources:', 'Resources: ['), finding: /E0000 / },
};

describe.skipIf(python === undefined)('cfn-lint', () => {
  let folder: string;
  let exitCode: number | null;
  /** By file; warnings and hints are among them. */
  const found = new Map<string, string[]>();
  const texts = [...Object.values(right), ...Object.values(wrong).map(({ text }) => text)];
  const findingsOf = (text: string): string => (found.get(`${texts.indexOf(text)}.yml`) ?? []).join('\n');

  // At once: it takes longer to start than to read them all.
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
    const files = texts.map((text, index) => {
      writeFileSync(join(folder, `${index}.yml`), text);
      return `${index}.yml`;
    });
    const start = 'import sys; from cfnlint.runner import main; sys.exit(main())';
    const args = ['-c', start, '--include-checks', 'I', '--format', 'parseable', '--', ...files];
    const child = spawn(python ?? '', args, { cwd: folder });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    [exitCode] = (await once(child, 'close')) as [number | null];
    expect(stderr).toBe('');
    for (const line of stdout.split('\n')) {
      const [file = '', , , , , id = '', ...words] = line.split(':');
      found.set(file, [...(found.get(file) ?? []), `${id} ${words.join(':')}`]);
    }
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('read them, and told by its exit code that some are wrong', () => {
    expect(exitCode).toBeGreaterThan(0);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it.each(Object.entries(right))('finds nothing in %s', (_name, text) => {
    expect(findingsOf(text)).toBe('');
  });

  it.each(Object.entries(wrong))('refuses %s', (_name, { text, finding }) => {
    expect(findingsOf(text)).toMatch(finding);
  });
});
