import { afterEach, expect, test } from 'vitest';
import { close, organization, type Organization } from './database.js';

const expectRoles = `
  select fixture.organization();
  select fixture.service('cloudtrail', 'AWS CloudTrail', 'cloudtrail.amazonaws.com', 'organizations service');
  select fixture.service('ipam', 'Amazon VPC IPAM', 'ipam.amazonaws.com', 'organizations service');
  update aws_delegation_services set service_linked_roles = case service_id
    when 'cloudtrail' then '["AWSServiceRoleForCloudTrail"]'::jsonb
    when 'ipam' then '["AWSServiceRoleForIPAM"]'::jsonb
    else '[]'::jsonb
  end;
`;
const role = (name: string, account = '111111111111'): string => `
  insert into aws_iam_service_linked_roles (_cq_sync_time, _cq_source_name, account_id, arn, role_name, create_date)
  values (fixture.time(), fixture.source(), '${account}', 'arn:aws:iam::${account}:role/${name}', '${name}', '2024-01-20 10:00:00');
`;
const askedBy = (account: string): string =>
  `update aws_delegation_reads set account_id = '${account}' where table_name = 'aws_iam_service_linked_roles';`;

const common = { source_name: 'prod', organization_id: 'o-example', management_account_id: '111111111111' };
const cloudtrail = { ...common, service_id: 'cloudtrail', service_name: 'AWS CloudTrail' };
const ipam = { ...common, service_id: 'ipam', service_name: 'Amazon VPC IPAM' };
const read = { was_read: true, unknown_cause: null, read_error: null };
const nothing = { is_present: null, was_read: false, arn: null, create_date: null };

let given: Organization;
afterEach(() => close(given));

async function rows(): Promise<unknown[]> {
  const { rows: found } = await given.client.query<Record<string, unknown>>(
    `select service_linked_roles.*, service_linked_roles.create_date::text as create_date
     from delegation.service_linked_roles order by source_name, service_id`,
  );
  return found;
}

test('a role that is there, and one that is not', async () => {
  given = await organization(expectRoles + role('AWSServiceRoleForCloudTrail') + role('AWSServiceRoleForSupport'));
  expect(await rows()).toEqual([
    {
      ...cloudtrail,
      ...read,
      role_name: 'AWSServiceRoleForCloudTrail',
      is_present: true,
      arn: 'arn:aws:iam::111111111111:role/AWSServiceRoleForCloudTrail',
      create_date: '2024-01-20 10:00:00',
    },
    { ...ipam, ...read, role_name: 'AWSServiceRoleForIPAM', is_present: false, arn: null, create_date: null },
  ]);
});

test('roles that may not be listed', async () => {
  given = await organization(`${expectRoles} select fixture.read('aws_iam_service_linked_roles', 'denied');`);
  expect(await rows()).toMatchObject(
    [cloudtrail, ipam].map((service) => ({
      ...service,
      ...nothing,
      unknown_cause: 'unread',
      read_error:
        'iam:ListRoles in us-east-1 was denied (AccessDeniedException); grant iam:ListRoles to the role that syncs and sync again',
    })),
  );
});

test('rows that are left of a read that failed are no answer', async () => {
  given = await organization(
    `${expectRoles} ${role('AWSServiceRoleForCloudTrail')} select fixture.read('aws_iam_service_linked_roles', 'failed');`,
  );
  expect(await rows()).toMatchObject([
    { ...cloudtrail, ...nothing, unknown_cause: 'unread' },
    { ...ipam, ...nothing, unknown_cause: 'unread' },
  ]);
});

test('a spec that leaves the table out', async () => {
  given = await organization(`${expectRoles} select fixture.read('aws_iam_service_linked_roles', 'skipped');`);
  expect(await rows()).toMatchObject([
    { ...cloudtrail, ...nothing, unknown_cause: 'not_configured' },
    { ...ipam, ...nothing, unknown_cause: 'not_configured' },
  ]);
});

test('an older sync, which has no such table', async () => {
  given = await organization(expectRoles);
  await given.client.query(`delete from aws_delegation_reads where table_name = 'aws_iam_service_linked_roles'`);
  expect(await rows()).toMatchObject([
    {
      ...nothing,
      unknown_cause: 'unread',
      read_error: 'aws_iam_service_linked_roles has no read recorded; sync again with this version',
    },
    { ...nothing, unknown_cause: 'unread' },
  ]);
});

test('the roles of a delegate are not those of the management account', async () => {
  given = await organization(expectRoles + role('AWSServiceRoleForCloudTrail', '222222222222'));
  await given.client.query(askedBy('222222222222'));
  expect(await rows()).toMatchObject([
    {
      ...cloudtrail,
      ...nothing,
      unknown_cause: 'not_observable',
      read_error:
        'iam:ListRoles was asked by 222222222222 and shows the roles of the account that asks; sync with credentials of the management account 111111111111',
    },
    { ...ipam, ...nothing, unknown_cause: 'not_observable' },
  ]);
});

test('an organization that was not read has a management account that nobody knows', async () => {
  given = await organization(
    `${expectRoles} delete from aws_organizations; select fixture.read('aws_organizations', 'denied');`,
  );
  expect(await rows()).toMatchObject([
    { ...nothing, organization_id: null, management_account_id: null, unknown_cause: 'unread' },
    { ...nothing, read_error: expect.stringMatching(/^the management account is not known: .*denied/) as string },
  ]);
});

test('an account that stands alone has no management account', async () => {
  given = await organization(
    `${expectRoles} delete from aws_organizations; select fixture.read('aws_organizations', 'absent');`,
  );
  expect(await rows()).toEqual([]);
});

test('two organizations keep their roles apart', async () => {
  given = await organization(`
    ${expectRoles}
    ${role('AWSServiceRoleForCloudTrail')}
    set fixture.source = 'other';
    set fixture.management = '333333333333';
    insert into aws_organizations (_cq_sync_time, _cq_source_name, request_account_id, arn, id, master_account_id)
    values (fixture.time(), 'other', '333333333333', 'arn:other', 'o-other', '333333333333');
    select fixture.service('cloudtrail', 'AWS CloudTrail', 'cloudtrail.amazonaws.com', 'organizations service');
    update aws_delegation_services set service_linked_roles = '["AWSServiceRoleForCloudTrail"]' where _cq_source_name = 'other';
    reset fixture.source;
    reset fixture.management;
  `);
  expect(await rows()).toMatchObject([
    { source_name: 'other', organization_id: 'o-other', service_id: 'cloudtrail', was_read: true, is_present: false },
    { source_name: 'prod', service_id: 'cloudtrail', was_read: true, is_present: true },
    { source_name: 'prod', service_id: 'ipam', was_read: true, is_present: false },
  ]);
});

test('the view and each of its columns say what they are', async () => {
  given = await organization('');
  const { rows: found } = await given.client.query<{ name: string; comment: string | null }>(
    `select coalesce(pg_attribute.attname, '') as name, col_description(attrelid, attnum) as comment
     from pg_attribute where attrelid = 'delegation.service_linked_roles'::regclass and attnum > 0
     union all
     select '', obj_description('delegation.service_linked_roles'::regclass, 'pg_class')`,
  );
  expect(found).toHaveLength(13);
  expect(found.filter(({ comment }) => comment?.endsWith('.') !== true)).toEqual([]);
});
