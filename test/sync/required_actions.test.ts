import { describe, expect, it } from 'vitest';
import { services } from '../../src/catalog/index.js';
import { flatten } from '../../src/schema/index.js';
import type { RequiredActions } from '../../src/sync/index.js';
import { tables } from '../../tables/index.js';
import { neededFor, type Options } from '../support/source.js';

const needed = (options: Options): RequiredActions => neededFor({ url: 'http://localhost:1' }, options);
const role = { delegated_admin_role_name: 'audit/OrgAudit' };

describe('what the account that asks needs', () => {
  it('names the delegates too, and has what they are asked, because it may be one of them', () => {
    expect(needed({ tables: ['aws_guardduty_organization_configurations'] })).toMatchObject({
      operations: [
        'ec2:DescribeRegions',
        'guardduty:DescribeOrganizationConfiguration',
        'guardduty:ListDetectors',
        'guardduty:ListOrganizationAdminAccounts',
      ],
      assumedRole: undefined,
    });
    expect(needed({ tables: ['aws_config_configuration_aggregators'] }).operations).toEqual([
      'config:DescribeConfigurationAggregators',
      'ec2:DescribeRegions',
      'organizations:DescribeOrganization',
      'organizations:ListDelegatedAdministrators',
    ]);
    expect(needed({ tables: ['aws_cloudtrail_organization_events'] }).operations).toEqual([
      'cloudtrail:LookupEvents',
      'ec2:DescribeRegions',
      'organizations:DescribeOrganization',
      'organizations:DescribeResourcePolicy',
    ]);
  });

  it('assumes the role of the spec, and only where a table is read in other accounts', () => {
    expect(needed({ tables: ['aws_macie2_organization_configurations'], spec: role })).toMatchObject({
      reader: [
        'ec2:DescribeRegions',
        'macie2:DescribeOrganizationConfiguration',
        'macie2:ListOrganizationAdminAccounts',
        'sts:AssumeRole',
      ],
      assumedRole: 'audit/OrgAudit',
    });
    expect(needed({ tables: ['aws_macie2_organization_admin_accounts'], spec: role })).toMatchObject({
      reader: ['ec2:DescribeRegions', 'macie2:ListOrganizationAdminAccounts'],
      delegate: [],
      assumedRole: undefined,
    });
  });

  it('has what a service checks besides, and the name that IAM has for it', () => {
    const { operations, reader } = needed({ tables: ['aws_detective_organization_admin_accounts'] });
    expect(operations).toEqual(['detective:ListOrganizationAdminAccounts', 'ec2:DescribeRegions']);
    expect(reader).toEqual([
      'detective:ListOrganizationAdminAccount',
      'ec2:DescribeRegions',
      'organizations:DescribeOrganization',
    ]);
    expect(needed({ tables: ['aws_securityhub_organization_admin_accounts'] }).reader).toEqual([
      'ec2:DescribeRegions',
      'organizations:DescribeOrganization',
      'organizations:ListDelegatedAdministrators',
      'securityhub:ListOrganizationAdminAccounts',
    ]);
  });

  it('tells what another setting would need, which is not among it', () => {
    const { reader, unasked } = needed({});
    expect(unasked).toEqual(['organizations:ListTagsForResource']);
    expect(reader).not.toContain('organizations:ListTagsForResource');
    const tagged = needed({ spec: { account_tags: true } });
    expect(tagged).toMatchObject({ unasked: [], reader: [...reader, ...unasked].sort() });
  });
});

describe('what the role in the delegates needs', () => {
  it('is what is asked there, whether or not the spec names it, and nothing that names the delegates', () => {
    const { delegate } = needed({});
    expect(delegate).toEqual([
      'access-analyzer:ListAnalyzers',
      'cloudtrail:LookupEvents',
      'config:DescribeConfigurationAggregators',
      'detective:DescribeOrganizationConfiguration',
      'detective:ListGraphs',
      'guardduty:DescribeOrganizationConfiguration',
      'guardduty:ListDetectors',
      'inspector2:DescribeOrganizationConfiguration',
      'macie2:DescribeOrganizationConfiguration',
      'organizations:DescribeOrganization',
      'securityhub:DescribeOrganizationConfiguration',
      'securitylake:GetDataLakeOrganizationConfiguration',
    ]);
    expect(needed({ spec: role }).delegate).toEqual(delegate);
  });

  it('is less for fewer tables', () => {
    expect(needed({ tables: ['aws_securitylake_*', 'aws_organizations_*'] }).delegate).toEqual([
      'organizations:DescribeOrganization',
      'securitylake:GetDataLakeOrganizationConfiguration',
    ]);
  });
});

it('every action reads: by its name, and by that of each operation of a table', () => {
  const { reader, delegate } = needed({ spec: { account_tags: true, ...role } });
  const others = [...reader, ...delegate].filter((action) => !/:(Describe|Get|List|Lookup)[A-Za-z]+$/.test(action));
  expect(others).toEqual(['sts:AssumeRole']);
  const asked = flatten(tables).flatMap(({ permissions }) => permissions);
  const listed = services.flatMap(({ listAdminAction }) => listAdminAction ?? []);
  for (const operation of [...asked, ...listed])
    expect(operation).toMatch(/^[a-z0-9-]+:(Describe|Get|List|Lookup)[A-Za-z]+$/);
});
