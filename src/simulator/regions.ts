/** What ec2:DescribeRegions and botocore's partitions.json say about the Regions; the order is AWS's own (by name). */
export interface Region {
  readonly name: string;
  readonly geography: string;
  /** Opt-in Regions are off until an account switches them on. */
  readonly optIn: boolean;
}

export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov' | 'aws-eusc';

function region(name: string, geography: string, optIn = false): Region {
  return { name, geography, optIn };
}

const USA = 'United States of America';

const REGIONS: Readonly<Record<Partition, readonly Region[]>> = {
  aws: [
    region('af-south-1', 'South Africa', true),
    region('ap-east-1', 'Hong Kong', true),
    region('ap-east-2', 'Taiwan', true),
    region('ap-northeast-1', 'Japan'),
    region('ap-northeast-2', 'South Korea'),
    region('ap-northeast-3', 'Japan'),
    region('ap-south-1', 'India'),
    region('ap-south-2', 'India', true),
    region('ap-southeast-1', 'Singapore'),
    region('ap-southeast-2', 'Australia'),
    region('ap-southeast-3', 'Indonesia', true),
    region('ap-southeast-4', 'Australia', true),
    region('ap-southeast-5', 'Malaysia', true),
    region('ap-southeast-6', 'New Zealand', true),
    region('ap-southeast-7', 'Thailand', true),
    region('ca-central-1', 'Canada'),
    region('ca-west-1', 'Canada', true),
    region('eu-central-1', 'Germany'),
    region('eu-central-2', 'Switzerland', true),
    region('eu-north-1', 'Sweden'),
    region('eu-south-1', 'Italy', true),
    region('eu-south-2', 'Spain', true),
    region('eu-west-1', 'Ireland'),
    region('eu-west-2', 'United Kingdom'),
    region('eu-west-3', 'France'),
    region('il-central-1', 'Israel', true),
    region('me-central-1', 'United Arab Emirates', true),
    region('me-south-1', 'Bahrain', true),
    region('mx-central-1', 'Mexico', true),
    region('sa-east-1', 'Brazil'),
    region('us-east-1', USA),
    region('us-east-2', USA),
    region('us-west-1', USA),
    region('us-west-2', USA),
  ],
  'aws-cn': [region('cn-north-1', 'China'), region('cn-northwest-1', 'China')],
  'aws-us-gov': [region('us-gov-east-1', USA), region('us-gov-west-1', USA)],
  'aws-eusc': [region('eusc-de-east-1', 'Germany')],
};

/** Organizations has one endpoint per partition, and its requests are signed for that Region (botocore endpoint rules). */
const ORGANIZATIONS_REGION: Readonly<Record<Partition, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-northwest-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
};

export function regionsOf(partition: Partition): readonly Region[] {
  return REGIONS[partition];
}

export function organizationsRegion(partition: Partition): string {
  return ORGANIZATIONS_REGION[partition];
}

export function dnsSuffix(partition: Partition): string {
  if (partition === 'aws-eusc') return 'amazonaws.eu';
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}
