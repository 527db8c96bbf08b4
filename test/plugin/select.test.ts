import { describe, expect, it } from 'vitest';
import { selectTables, type Selection } from '../../src/plugin/select.js';
import { flatten } from '../../src/schema/index.js';
import { tables } from '../../tables/index.js';

const always = [
  'aws_delegation_services',
  'aws_delegation_owners',
  'aws_delegation_expectations',
  'aws_delegation_approvals',
  'aws_delegation_waivers',
  'aws_delegation_settings',
  'aws_delegation_reads',
];

function select(selection: Partial<Selection>): string[] {
  const chosen = selectTables(tables, { tables: ['*'], skipTables: [], skipDependentTables: true, ...selection });
  return flatten(chosen).map(({ name }) => name);
}

describe('tables and skip_tables', () => {
  it("'*' selects everything", () => {
    expect(select({})).toEqual(flatten(tables).map(({ name }) => name));
  });

  it("'aws_organization*' selects both spellings and their relations by name", () => {
    const chosen = select({ tables: ['aws_organization*'] });
    expect(chosen).toContain('aws_organizations_delegated_services');
    expect(chosen).toContain('aws_organization_resource_policies');
    expect(chosen).not.toContain('aws_guardduty_organization_admin_accounts');
  });

  it('a relation brings its parent', () => {
    expect(select({ tables: ['aws_organizations_delegated_services'] })).toEqual([
      'aws_ec2_regions',
      'aws_organizations_delegated_administrators',
      'aws_organizations_delegated_services',
      ...always,
    ]);
  });

  it('relations come along only where they are not to be skipped', () => {
    const parent = { tables: ['aws_organizations_delegated_administrators'] };
    expect(select(parent)).not.toContain('aws_organizations_delegated_services');
    expect(select({ ...parent, skipDependentTables: false })).toContain('aws_organizations_delegated_services');
  });

  it('a skipped parent takes its relations along', () => {
    const chosen = select({ skipTables: ['aws_organizations_policies'] });
    expect(chosen).not.toContain('aws_organizations_policy_targets');
  });

  it('the reads stay, whatever a wildcard skips', () => {
    expect(select({ skipTables: ['aws_delegation_*'] })).toContain('aws_delegation_reads');
    expect(select({ skipTables: ['aws_delegation_*'] })).not.toContain('aws_delegation_services');
  });

  it.each([
    [{ tables: ['aws_nothing'] }, "tables: 'aws_nothing' matches no table."],
    [{ tables: ['AWS_*'] }, "tables: 'AWS_*' matches no table."],
    [{ tables: ['aws_organizations?'] }, "tables: 'aws_organizations?' matches no table."],
    [{ skipTables: ['aws_x*'] }, "skip_tables: 'aws_x*' matches no table."],
    [{ skipTables: ['aws_delegation_reads'] }, 'skip_tables: aws_delegation_reads cannot be left out'],
    [{ tables: ['aws_organizations'], skipTables: ['aws_organizations'] }, 'together leave no table to sync'],
  ])('%j is refused', (selection, message) => {
    expect(() => select(selection)).toThrow(message);
  });
});
