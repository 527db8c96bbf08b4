import {
  GetEventDataStoreCommand,
  paginateListEventDataStores as paginate,
  type GetEventDataStoreResponse,
} from '@aws-sdk/client-cloudtrail';
import { boolean, defineTable, integer, json, text, timestamp } from '../../src/schema/index.js';

type EventDataStore = Omit<GetEventDataStoreResponse, '$metadata'>;

export const cloudtrailEventDataStores = defineTable<EventDataStore>()({
  name: 'aws_cloudtrail_event_data_stores',
  description: 'Event data stores of CloudTrail Lake, and whether other tools may query them through federation.',
  source: 'https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventDataStore.html',
  permissions: ['cloudtrail:ListEventDataStores', 'cloudtrail:GetEventDataStore'],
  regionalService: 'cloudtrail',
  primaryKey: ['account_id', 'region', 'event_data_store_arn'],
  columns: {
    event_data_store_arn: text('EventDataStoreArn', 'ARN of the event data store.'),
    name: text('Name', 'Name of the event data store.'),
    status: text('Status', 'CREATED, ENABLED, PENDING_DELETION, STARTING_INGESTION, ...'),
    organization_enabled: boolean(
      'OrganizationEnabled',
      'True where it collects for all accounts of the organization.',
    ),
    multi_region_enabled: boolean('MultiRegionEnabled', 'True where it collects from all Regions.'),
    federation_status: text('FederationStatus', 'ENABLING, ENABLED, DISABLING or DISABLED.'),
    federation_role_arn: text('FederationRoleArn', 'Role with which federated queries read it.'),
    advanced_event_selectors: json('AdvancedEventSelectors', 'Which events it collects.'),
    retention_period: integer('RetentionPeriod', 'Days for which events are kept.'),
    billing_mode: text('BillingMode', 'EXTENDABLE_RETENTION_PRICING or FIXED_RETENTION_PRICING.'),
    termination_protection_enabled: boolean('TerminationProtectionEnabled', 'True where it cannot be deleted.'),
    kms_key_id: text('KmsKeyId', 'Key with which events are encrypted.'),
    partition_keys: json('PartitionKeys', 'How it is partitioned.'),
    created_timestamp: timestamp('CreatedTimestamp', 'When it was made, in UTC.'),
    updated_timestamp: timestamp('UpdatedTimestamp', 'When it was last changed, in UTC.'),
  },
  async *list({ cloudtrail }) {
    for await (const page of paginate({ client: cloudtrail }, {})) yield* page.EventDataStores ?? [];
  },
  detail: {
    scopeColumn: 'event_data_store_arn',
    scope: ({ EventDataStoreArn }) => EventDataStoreArn ?? '',
    async read({ cloudtrail }, { EventDataStoreArn }) {
      return cloudtrail.send(new GetEventDataStoreCommand({ EventDataStore: EventDataStoreArn }));
    },
  },
});
