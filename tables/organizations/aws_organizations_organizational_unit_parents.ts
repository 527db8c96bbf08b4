import type { Parent } from '@aws-sdk/client-organizations';
import { defineTable, text } from '../../src/schema/index.js';
import type { PlacedUnit } from './readings.js';

/** Comes out of the walk over the tree; ListParents, one call per OU, is never needed. */
export const organizationalUnitParents = defineTable<Parent & { UnitId: string | undefined }, PlacedUnit>()({
  name: 'aws_organizations_organizational_unit_parents',
  description: 'The root or organizational unit above each organizational unit.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html',
  permissions: ['organizations:ListOrganizationalUnitsForParent'],
  primaryKey: ['request_account_id', 'id', 'parent_id', 'type'],
  columns: {
    id: text('UnitId', 'ID of the organizational unit.'),
    parent_id: text('Id', 'ID of the root or organizational unit above.'),
    type: text('Type', 'ROOT or ORGANIZATIONAL_UNIT.'),
  },
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing is asked: the walk has said it
  async *list(_context, unit) {
    yield { UnitId: unit.Id, Id: unit.ParentId, Type: unit.ParentType };
  },
});
