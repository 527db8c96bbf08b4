import { DescribeRegionsCommand, type Region } from '@aws-sdk/client-ec2';
import { partitionOf } from '../../src/catalog/index.js';
import { defineTable, json, text, type Reading } from '../../src/schema/index.js';

/** Every Region of the partition, with its opt-in status for the account that asks. */
export const regions: Reading<Region[]> = {
  name: 'Regions',
  permissions: ['ec2:DescribeRegions'],
  async read({ ec2, identity }) {
    const { Regions } = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
    // A Region newer than our catalogue fits no partition that it knows; it belongs to the one that listed it.
    return (Regions ?? []).filter(
      ({ RegionName }) => (partitionOf(RegionName ?? '') ?? identity.partition) === identity.partition,
    );
  },
};

export const ec2Regions = defineTable<Region>()({
  name: 'aws_ec2_regions',
  description: 'Regions of the partition, and whether they are enabled for the account that asked.',
  source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html',
  permissions: ['ec2:DescribeRegions'],
  primaryKey: ['account_id', 'region_name'],
  columns: {
    region_name: text('RegionName', 'Name of the Region, such as eu-west-1.'),
    endpoint: text('Endpoint', "EC2's endpoint in the Region."),
    opt_in_status: text('OptInStatus', 'opt-in-not-required, opted-in or not-opted-in.'),
    geography: json('Geography', 'Where the Region is, as AWS tells it.'),
  },
  isAlwaysSynced: true,
  async *list(context) {
    yield* await context.use(regions);
  },
});
