import { expect, test } from 'vitest';
import { controlsOf, frameworkNamed, frameworks, loadRules, rulesOf } from '../../src/rules/index.js';
import { queriesDir } from './database.js';

const rules = await loadRules(queriesDir);

function framework(id: string) {
  const found = frameworkNamed(id);
  if (!found) throw new Error(`no framework ${id}`);
  return found;
}

test('ours has every rule', () => {
  expect(rulesOf(framework('aws_delegation'), rules)).toEqual(rules);
});

test('another has the rules that name it, by control, and its controls without a rule', () => {
  const cis = framework('cis_aws_7.0');
  expect(rulesOf(cis, rules).map(({ id }) => id)).toEqual(
    rules.filter(({ frameworks: named }) => 'cis_aws_7.0' in named).map(({ id }) => id),
  );
  const controls = controlsOf(cis, rules);
  expect(controls.map(({ control }) => control.id)).toEqual(['2.1.1', '2.1.2', '2.1.3', '2.1.4', '2.1.5', '2.1.6']);
  const ids = new Map(controls.map(({ control, rules: answering }) => [control.id, answering.map(({ id }) => id)]));
  expect(ids.get('2.1.2')).toContain('scp_prevents_leaving');
  expect(ids.get('2.1.6')).toContain('security_services_held_by_infosec');
  expect(controlsOf(cis, []).every(({ rules: answering }) => answering.length === 0)).toBe(true);
});

test('each control has a title of its own, and asks what no read can answer', () => {
  for (const { id, source, controls } of frameworks) {
    expect(source).toMatch(/^https:\/\//);
    expect(new Set(controls.map((control) => control.id)).size, id).toBe(controls.length);
    for (const { title, manual } of controls) {
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(manual.length, title).toBeGreaterThan(0);
      for (const question of manual) expect(question).toContain('?');
    }
  }
});
