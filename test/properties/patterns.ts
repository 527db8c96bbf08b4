import fc from 'fast-check';
import { approvesChange } from '../../src/cli/approval_principals.js';
import { ruleProblem } from '../../src/cli/spec_intents.js';
import { SelectionError, selectTables } from '../../src/plugin/select.js';
import { flatten, matchesWildcard } from '../../src/schema/index.js';
import { tables } from '../../tables/index.js';
import { nastyText } from './nasty.js';
import { parsed, property, same, type Property } from './property.js';

const names = flatten(tables).map(({ name }) => name);

/** By a table of all prefixes: slow, and not to be mistaken. */
function isLike(pattern: string, text: string, hasOne: boolean): boolean {
  let reached = Array.from({ length: text.length + 1 }, (_, index) => index === 0);
  for (const sign of pattern.split('')) {
    const next = reached.map(() => false);
    for (let index = 0; index <= text.length; index++) {
      if (sign === '*') next[index] = reached[index] === true || (index > 0 && next[index - 1] === true);
      else if (index > 0)
        next[index] = reached[index - 1] === true && (text[index - 1] === sign || (hasOne && sign === '?'));
    }
    reached = next;
  }
  return reached[text.length] === true;
}

const letters = fc.constantFrom(
  'a',
  'b',
  'ab',
  '*',
  '**',
  '?',
  '.',
  '^',
  '$',
  '(a+)+',
  '[ab]',
  '\\',
  '|',
  '*'.repeat(40),
);
const patterns = fc.oneof(
  fc.array(letters, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.constantFrom(...names).chain((name) =>
    fc
      .array(fc.record({ at: fc.nat(60), with: fc.constantFrom('*', '', '.', '.*', '?', '[a-z]', '|') }), {
        maxLength: 3,
      })
      .map((steps) => steps.reduce((text, { at, with: sign }) => text.slice(0, at) + sign + text.slice(at + 1), name)),
  ),
  nastyText(40),
  fc.integer({ min: 1, max: 5000 }).map((times) => `${'*a'.repeat(times)}x`),
);

export const patternProperties: readonly Property[] = [
  property(
    'a wildcard stands for anything, and for nothing else',
    fc.record({
      pattern: patterns,
      text: fc.oneof(
        fc.constantFrom(...names),
        fc.array(letters, { maxLength: 8 }).map((parts) => parts.join('')),
      ),
      hasOne: fc.boolean(),
    }),
    ({ pattern, text, hasOne }) => {
      same(matchesWildcard(pattern, text, { hasOne }), isLike(pattern, text, hasOne), `${pattern} ${text}`);
    },
  ),
  property(
    'tables are those that the patterns name',
    fc.record({
      wanted: fc.array(patterns, { minLength: 1, maxLength: 3 }),
      skipped: fc.array(patterns, { maxLength: 1 }),
    }),
    async ({ wanted, skipped }) => {
      const chosen = await parsed(
        () => selectTables(tables, { tables: wanted, skipTables: skipped, skipDependentTables: false }),
        SelectionError,
        'tables',
      );
      if (chosen === undefined) return;
      const found = flatten(chosen).map(({ name }) => name);
      const isNamed = (list: readonly string[], name: string): boolean =>
        list.some((pattern) => isLike(pattern, name, false));
      for (const { name, isAlwaysSynced, relations } of flatten(tables)) {
        if (isNamed(skipped, name)) continue;
        // A relation brings its parent, and a parent that is left out takes its relations along.
        const isParent = flatten([...relations]).some((relation) => found.includes(relation.name));
        const isRelation = flatten(tables).some((parent) =>
          parent.relations.some((relation) => relation.name === name),
        );
        if (!isRelation && !isAlwaysSynced && !isParent) same(found.includes(name), isNamed(wanted, name), name);
      }
    },
  ),
  property('a waiver of a rule with any pattern is answered at once', patterns, (pattern) => {
    const rules = ['every_region_has_admin', 'sync_is_fresh', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'];
    same(
      ruleProblem(pattern, rules) === undefined,
      rules.some((rule) => isLike(pattern, rule, false)),
      pattern,
    );
  }),
  property('an approval of a principal with any pattern is answered at once', patterns, (principal) => {
    const name = 'arn:aws:iam::111122223333:role/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab';
    const change = {
      principal: name,
      sessionArn: null,
      principalType: 'AssumedRole',
      action: 'organizations:AttachPolicy',
      wasAllowed: true,
    };
    const isApproved = approvesChange({ principal }, change);
    same(isApproved, isLike(principal, name, true), principal);
  }),
];
