import { describe, expect, it } from 'vitest';
import { administratorAnswersOf, serviceNamed, services, type DelegationService } from '../../src/catalog/index.js';
import { flatten, type Table } from '../../src/schema/index.js';
import { tables } from '../../tables/index.js';

const all = flatten(tables);
const delegable = services.filter(({ isDelegationSupported }) => isDelegationSupported === true);
const cases = delegable.map((service) => [service.id, service] as const);

function tableNamed(name: string | null): Table | undefined {
  return all.find((table) => table.name === name);
}

function named(id: string): DelegationService {
  const service = serviceNamed(id);
  if (!service) throw new Error(`the catalogue has no service ${id}`);
  return service;
}

describe('where the administrators of a service are read', () => {
  it.each(cases)('%s: one answer per method, with a table or a reason', (_id, service) => {
    const answers = administratorAnswersOf(service);
    expect(answers.map(({ method }) => method)).toEqual(service.methods);
    for (const { tableName, readActions, regions, reason } of answers) {
      expect(tableName === null).toBe(reason !== null);
      expect(readActions.length > 0).toBe(tableName !== null);
      expect(regions === 'none').toBe(tableName === null);
    }
  });

  it.each(cases)('%s: the tables exist, and are read with these actions in these Regions', (id, service) => {
    for (const { method, tableName, readActions, regions } of administratorAnswersOf(service)) {
      if (tableName === null) continue;
      const table = tableNamed(tableName);
      const parent = all.find(({ relations }) => relations.some(({ name }) => name === tableName));
      const permissions = [...(table?.permissions ?? []), ...(parent?.permissions ?? [])];
      expect(permissions, tableName).toEqual(expect.arrayContaining([...readActions]));
      if (method !== 'service') continue;
      const asked = table?.regionalService === id ? 'each' : 'one';
      expect(regions, tableName).toBe(asked);
      // Whose Regions are asked: the service's own, and none of a service that shares its table.
      expect([table?.regionalService, table?.globalService, table?.once?.service], tableName).toContain(id);
    }
  });

  it('is no table for four services only, each with its reason', () => {
    const without = delegable.flatMap((service) =>
      administratorAnswersOf(service)
        .filter(({ tableName }) => tableName === null)
        .map(({ reason }) => [service.id, reason]),
    );
    const byPrincipal = 'no list call: aws_organizations_delegated_services tells it by principal';
    expect(Object.fromEntries(without)).toEqual({
      cloudtrail: byPrincipal,
      ipam: byPrincipal,
      'security-lake': byPrincipal,
      'network-security-manager':
        'the AWS SDK for JavaScript has no client for network-security-manager:ListAdminAccounts: its administrators are not read',
    });
  });

  it('tells the two Security Hubs apart', () => {
    const own = (id: string) => administratorAnswersOf(named(id)).find(({ method }) => method === 'service');
    const table = 'aws_securityhub_organization_admin_accounts';
    expect(own('security-hub-cspm')).toMatchObject({ tableName: table, regions: 'each' });
    expect(own('security-hub')).toMatchObject({ tableName: table, regions: 'one' });
  });

  it('is nothing for what cannot be delegated', () => {
    for (const service of services.filter((each) => !delegable.includes(each))) {
      expect(administratorAnswersOf(service), service.id).toEqual([]);
    }
  });
});
