import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { expect, it } from 'vitest';
import type { ReadContext } from '../../src/schema/index.js';
import { organizationalUnits } from '../../tables/organizations/readings.js';

const names: Readonly<Record<string, readonly [string, string][]>> = {
  'r-1': [
    ['ou-1', 'Security'],
    ['ou-2', 'Security/Sandbox'],
    ['ou-3', 'Security/'],
    ['ou-5', 'Security\\'],
  ],
  'ou-1': [['ou-4', 'Sandbox']],
};

// AWS's pattern for the name of an OU is [\s\S]*: an owner or a workload OU of the spec goes by the path.
it('a slash in the name of an OU does not look like the next level', async () => {
  const organizations = new OrganizationsClient({ region: 'us-east-1' });
  organizations.send = ({ input }: { input: { ParentId: string } }) =>
    Promise.resolve({
      OrganizationalUnits: (names[input.ParentId] ?? []).map(([Id, Name]) => ({ Id, Name })),
    });
  const use = (): Promise<unknown> => Promise.resolve([{ Id: 'r-1' }]);
  const units = await organizationalUnits.read({ organizations, use } as unknown as ReadContext);
  expect([...units.values()].map(({ Id, OuPath }) => [Id, OuPath])).toEqual([
    ['ou-1', '/Security'],
    ['ou-2', String.raw`/Security\/Sandbox`],
    ['ou-3', String.raw`/Security\/`],
    ['ou-5', String.raw`/Security\\`],
    ['ou-4', '/Security/Sandbox'],
  ]);
});
