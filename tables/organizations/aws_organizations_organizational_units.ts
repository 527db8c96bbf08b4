import { defineTable, text } from '../../src/schema/index.js';
import { organizationalUnitParents } from './aws_organizations_organizational_unit_parents.js';
import { organizationalUnits, type PlacedUnit } from './readings.js';

export const organizationsOrganizationalUnits = defineTable<PlacedUnit>()({
  name: 'aws_organizations_organizational_units',
  description: 'Organizational units, with their place in the tree.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListOrganizationalUnitsForParent.html',
  permissions: ['organizations:ListOrganizationalUnitsForParent', 'organizations:ListRoots'],
  primaryKey: ['request_account_id', 'arn'],
  columns: {
    arn: text('Arn', 'ARN of the organizational unit.'),
    id: text('Id', 'ID of the organizational unit (ou-...).'),
    name: text('Name', 'Name of the organizational unit.'),
    parent_id: text('ParentId', 'ID of the root or organizational unit above.'),
    path: text('Path', "AWS's path by IDs (o-.../r-.../ou-.../); null where the server does not send it."),
    ou_path: text('OuPath', 'Path by names: /Infrastructure/Network; a slash in a name is \\/.'),
  },
  omit: {
    ParentType: 'stands in aws_organizations_organizational_unit_parents',
    Depth: 'is the number of names in ou_path',
  },
  async *list(context) {
    yield* (await context.use(organizationalUnits)).values();
  },
  relations: [organizationalUnitParents],
});
