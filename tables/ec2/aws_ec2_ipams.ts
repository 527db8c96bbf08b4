import { paginateDescribeIpams as paginate, type Ipam } from '@aws-sdk/client-ec2';
import { boolean, defineTable, integer, json, text } from '../../src/schema/index.js';

export const ec2Ipams = defineTable<Ipam>()({
  name: 'aws_ec2_ipams',
  description: 'IPAMs that the account that asked can see. Who owns one need not be the delegated administrator.',
  source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeIpams.html',
  permissions: ['ec2:DescribeIpams'],
  regionalService: 'ipam',
  primaryKey: ['account_id', 'region', 'ipam_arn'],
  columns: {
    ipam_arn: text('IpamArn', 'ARN of the IPAM.'),
    ipam_id: text('IpamId', 'ID of the IPAM.'),
    owner_id: text('OwnerId', 'Account ID of its owner.'),
    ipam_region: text('IpamRegion', 'Region in which it was made.'),
    operating_regions: json('OperatingRegions', 'Regions in which it may manage address ranges.'),
    state: text('State', 'create-complete, modify-complete, delete-in-progress, ...'),
    state_message: text('StateMessage', 'Why a change failed.'),
    tier: text('Tier', 'free or advanced.'),
    description: text('Description', 'Description of the IPAM.'),
    public_default_scope_id: text('PublicDefaultScopeId', 'ID of its default public scope.'),
    private_default_scope_id: text('PrivateDefaultScopeId', 'ID of its default private scope.'),
    scope_count: integer('ScopeCount', 'Number of scopes.'),
    default_resource_discovery_id: text('DefaultResourceDiscoveryId', 'ID of its default resource discovery.'),
    default_resource_discovery_association_id: text(
      'DefaultResourceDiscoveryAssociationId',
      'ID of the association with it.',
    ),
    resource_discovery_association_count: integer('ResourceDiscoveryAssociationCount', 'Number of associations.'),
    enable_private_gua: boolean('EnablePrivateGua', 'True where public IPv6 ranges may be used as private ones.'),
    metered_account: text('MeteredAccount', 'Who pays: ipam-owner or resource-owner.'),
    tags: json('Tags', 'Tags as AWS sends them: a list of Key and Value.'),
  },
  async *list({ ec2 }) {
    for await (const page of paginate({ client: ec2 }, {})) yield* page.Ipams ?? [];
  },
});
