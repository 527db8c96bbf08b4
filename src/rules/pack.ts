import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RulesError } from './errors.js';
import { loadRules } from './header.js';
import { notesSql, withNotes } from './noted_views.js';
import { ruleViewsSql } from './rule_views.js';

/**
 * The pieces in the order in which they stand on each other; the rules come after the views, and `functions/judge.sql` after
 * the rules. A file that is not here is not installed: a test compares.
 */
export const pieces: readonly string[] = [
  'functions/text.sql',
  'functions/policy_language.sql',
  'views/current.sql',
  'views/reads.sql',
  'views/organizations.sql',
  'views/accounts.sql',
  'views/owners.sql',
  'views/services.sql',
  'views/resource_policy_grants.sql',
  'views/resource_policies.sql',
  'views/delegations.sql',
  'views/holders.sql',
  'views/service_regions.sql',
  'views/expected.sql',
  'views/service_answers.sql',
  'views/service_ownership.sql',
  'views/approvals.sql',
  'views/changes.sql',
  'views/guardrail_statements.sql',
  'views/guardrail_classes.sql',
  'views/guardrails.sql',
  'views/service_linked_roles.sql',
  'views/organization_configurations.sql',
  'views/history.sql',
  'functions/history.sql',
  'functions/judge.sql',
];

interface Piece {
  readonly name: string;
  readonly sql: string;
}

export async function readPieces(queriesDir: string): Promise<Piece[]> {
  const read = async (name: string): Promise<Piece> => ({
    name,
    sql: withNotes(await readFile(join(queriesDir, name), 'utf8')),
  });
  const all = await Promise.all(pieces.map(read));
  const notes = { name: 'notes', sql: notesSql };
  const rules = { name: 'rules', sql: ruleViewsSql(await loadRules(queriesDir)) };
  return all.flatMap((piece) => (piece.name === 'functions/judge.sql' ? [notes, rules, piece] : [piece]));
}

/** The version in package.json beside the queries: pack and plugin come together. */
export async function packVersion(queriesDir: string): Promise<string> {
  const path = join(dirname(queriesDir), 'package.json');
  const { version } = JSON.parse(await readFile(path, 'utf8')) as { version?: unknown };
  if (typeof version !== 'string') throw new RulesError(`Reading the version of the views: ${path} has none.`);
  return version;
}
