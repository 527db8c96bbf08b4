import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { administratorPowers, services, type AdministratorPower } from '../../src/catalog/index.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const delegable = services.filter(({ isDelegationSupported }) => isDelegationSupported === true);
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).sort();

/** What a sentence of each power says that one of a weaker power does not. */
const words: Readonly<Record<AdministratorPower, RegExp>> = {
  controls_access: /\b(give|take|attach|signs?)\b/,
  acts_in_members: /\b(deploy|run|modify)\b/,
  configures_members: /\b(enable|configure|share|set)\b/,
  reads_members: /\b(see|search|read|trace)\b/,
};

describe('what an administrator can do', () => {
  it('is said of every service that can be delegated, except where no page was found', () => {
    expect(ids(delegable.filter(({ administratorCan }) => administratorCan === null))).toEqual(['agent-registry']);
    for (const { id, administratorPower, administratorCan, administratorCannot } of services) {
      expect(administratorPower === null, id).toBe(administratorCan === null);
      if (administratorCan === null) expect(administratorCannot, id).toBeNull();
    }
  });

  it('is not said of what cannot be delegated, or where nobody knows', () => {
    const others = services.filter(({ isDelegationSupported }) => isDelegationSupported !== true);
    expect(others.filter(({ administratorCan }) => administratorCan !== null)).toEqual([]);
  });

  it('lacks the limits only where AWS states none', () => {
    expect(ids(delegable.filter(({ administratorCannot }) => administratorCannot === null))).toEqual([
      'agent-registry',
      'cloudwatch',
      'compute-optimizer',
      'devops-guru',
      'eks-dashboard',
      'license-manager',
      'procurement-insights',
      'security-incident-response',
      'security-lake',
      'transform-mgn',
      'trusted-advisor',
      'user-notifications',
    ]);
  });

  it('follows "The administrator can", and what it cannot follows "cannot"', () => {
    for (const { id, administratorCan, administratorCannot } of delegable) {
      for (const sentence of [administratorCan, administratorCannot]) {
        if (sentence === null) continue;
        expect(sentence, id).toMatch(/^[a-z]+,? .*[A-Za-z)]$/);
        expect(sentence, id).not.toMatch(/^(can|cannot|not|to)\b|\n|\. [A-Z]/);
        expect(sentence.length, id).toBeLessThanOrEqual(240);
      }
    }
  });

  it('is in the words of its power, and not of a stronger one', () => {
    const strongestFirst = administratorPowers.map(({ power }) => power);
    expect(strongestFirst).toEqual(Object.keys(words));
    for (const { id, administratorPower, administratorCan } of delegable) {
      if (administratorPower === null || administratorCan === null) continue;
      expect(administratorCan, id).toMatch(words[administratorPower]);
      for (const stronger of strongestFirst.slice(0, strongestFirst.indexOf(administratorPower))) {
        expect(administratorCan, `${id}: ${stronger}`).not.toMatch(words[stronger]);
      }
    }
  });

  it('says "in the Region" where each Region has an administrator of its own, and nowhere else', () => {
    const regional = delegable.filter(({ administratorCan }) => administratorCan?.endsWith(', in the Region'));
    // With central configuration Security Hub CSPM reaches other Regions, and of Audit Manager no page says what a Region holds.
    const others = ['audit-manager', 'security-hub-cspm'];
    expect([...ids(regional), ...others].sort()).toEqual(
      ids(delegable.filter(({ isRegional }) => isRegional === true)),
    );
  });

  it('comes from pages of AWS, or from a model where there is no page', () => {
    for (const { id, administratorCan, sources } of delegable) {
      expect(new Set(sources).size, id).toBe(sources.length);
      const pages = sources.filter((source) => source.includes('://'));
      for (const page of pages)
        expect(page, id).toMatch(/^https:\/\/(docs\.)?aws\.amazon\.com\/[A-Za-z0-9/_-]+(\.html)?\/?$/);
      if (id === 'network-security-manager') expect(sources, id).toContain('botocore 1.44.8: network-security-manager');
      else expect(pages.length > 0, id).toBe(administratorCan !== null);
    }
  });
});

describe('the rules that name services by what their administrators can do', () => {
  const named = (rule: string, pattern: RegExp) =>
    [...read(`queries/rules/${rule}.sql`).matchAll(pattern)].map(([, id = '']) => id).sort();
  const narrow = named('execution_services_held_narrowly', /^ {8}\('([a-z-]+)'\),?$/gm);
  const execution = named('detection_and_execution_separated', /^ {8}\('([a-z-]+)', 'execution'\),?$/gm);
  const detection = named('detection_and_execution_separated', /^ {8}\('([a-z-]+)', 'detection'\),?$/gm);
  const strong = ids(
    delegable.filter(
      ({ administratorPower }) => administratorPower === 'acts_in_members' || administratorPower === 'controls_access',
    ),
  );

  it('name services of the catalogue', () => {
    expect([narrow.length, execution.length, detection.length]).toEqual([6, 5, 5]);
    expect(ids(delegable)).toEqual(expect.arrayContaining([...narrow, ...execution, ...detection]));
  });

  it('agree with it: whatever runs code or grants access has that power, and the others with it are left out for a reason', () => {
    expect(strong).toEqual(expect.arrayContaining([...narrow, ...execution]));
    const leftOut = {
      // What they deploy is of the kinds that the service has: firewalls, networks, servers on their way to AWS.
      'firewall-manager': 'kinds of its own',
      'network-security-manager': 'kinds of its own',
      'network-manager': 'kinds of its own',
      'transform-mgn': 'kinds of its own',
      // It is on the side of detection, which it can blind; on both sides nobody could hold it.
      config: 'detection',
      // Rules of its own judge each statement of it.
      'organizations-delegation-policy': 'delegation_policy_no_self_escalation',
    };
    expect(strong.filter((id) => !narrow.includes(id))).toEqual(Object.keys(leftOut).sort());
    expect(detection.filter((id) => strong.includes(id))).toEqual(['config']);
    // Account Management grants access, and runs nothing that detection would have to notice.
    expect(narrow.filter((id) => !execution.includes(id))).toEqual(['account-management']);
  });

  it('name on the side of detection only what can blind: an administrator that configures it in members', () => {
    for (const id of detection) {
      expect(['configures_members', 'acts_in_members'], id).toContain(
        delegable.find((service) => service.id === id)?.administratorPower,
      );
    }
  });
});

describe('docs/administrators.md', () => {
  const page = read('docs/administrators.md');

  it('has a section for each service, which the overview links to', () => {
    const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading);
    expect([...headings].sort()).toEqual(delegable.map(({ name }) => name).sort());
    const anchors = headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replace(/ /g, '-'),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links.sort()).toEqual(anchors.sort());
  });

  it('says everything that the catalogue says, and where it says nothing', () => {
    for (const { name, administratorCan, administratorCannot, sources } of delegable) {
      const section = page.split(`\n### ${name}\n`)[1]?.split('\n### ')[0] ?? '';
      for (const [row, text] of [
        ['can', administratorCan],
        ['cannot', administratorCannot],
      ] as const) {
        const cell = new RegExp(`^\\| ${row} +\\| (.*?) +\\|$`, 'm').exec(section)?.[1];
        expect(cell, `${name}: ${row}`).toBe(text ?? 'AWS does not say');
      }
      for (const source of sources) expect(section, name).toContain(source);
    }
  });
});
