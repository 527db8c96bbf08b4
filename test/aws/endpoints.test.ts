import { afterAll, expect, it } from 'vitest';
import { certain, Session, type Clients } from '../../src/aws/index.js';
import { globalRegionOf, partitions, serviceNamed, type PartitionId } from '../../src/catalog/index.js';

const session = new Session({
  access: { id: 'test', accessKeyId: 'AKIATEST', secretAccessKey: 'test', defaultRegion: 'us-east-1' },
  userAgent: 'test',
  maxRetries: 0,
  maxBackoffMs: 1,
  requestTimeoutMs: 1_000,
  concurrency: 1,
  signal: new AbortController().signal,
});
afterAll(() => {
  session.close();
});

// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html and botocore's partitions.json
const suffixes: Record<PartitionId, string> = {
  aws: 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-us-gov': 'amazonaws.com',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
};

/** Where the SDK would send a request of this client, and for which Region it would sign it. */
function endpointOf(service: keyof Clients, region: string): { host: string; signedFor: string } {
  const { config } = session.clients(region, certain, () => undefined)[service];
  const { endpointProvider } = config as {
    endpointProvider: (place: object) => {
      url: URL;
      properties?: { authSchemes?: { signingRegion?: string }[] };
    };
  };
  const { url, properties } = endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
  return { host: url.hostname, signedFor: properties?.authSchemes?.[0]?.signingRegion ?? region };
}

const regional = {
  guardduty: 'guardduty',
  securityhub: 'securityhub',
  macie2: 'macie2',
  detective: 'api.detective',
  inspector2: 'inspector2',
  auditmanager: 'auditmanager',
  fms: 'fms',
  cloudtrail: 'cloudtrail',
  ec2: 'ec2',
} as const;

it.each(partitions.map((partition) => [partition.id, partition] as const))(
  'in %s each service is asked at its own endpoint',
  (id, { regions, organizationsRegion, iamRegion }) => {
    const suffix = suffixes[id];
    for (const { name: region } of regions) {
      for (const [service, prefix] of Object.entries(regional)) {
        expect(endpointOf(service as keyof Clients, region)).toEqual({
          host: `${prefix}.${region}.${suffix}`,
          signedFor: region,
        });
      }
    }
    expect(endpointOf('organizations', organizationsRegion)).toEqual({
      host: `organizations.${organizationsRegion}.${suffix}`,
      signedFor: organizationsRegion,
    });
    const iam = endpointOf('iam', iamRegion);
    expect(iam.signedFor).toBe(iamRegion);
    expect(iam.host).toMatch(new RegExp(`^iam\\.(.*\\.)?${suffix.replaceAll('.', '\\.')}$`));
  },
);

it('services that answer once for the organization have a Region to be asked in, or are not in the partition', () => {
  const places = (id: string): Record<string, string | null> => {
    const service = serviceNamed(id);
    if (!service) throw new Error(`no service ${id}`);
    return Object.fromEntries(partitions.map((partition) => [partition.id, globalRegionOf(service, partition.id)]));
  };
  const nowhereElse = { 'aws-iso': null, 'aws-iso-b': null, 'aws-iso-e': null, 'aws-iso-f': null, 'aws-eusc': null };
  expect(places('firewall-manager')).toEqual({
    ...nowhereElse,
    aws: 'us-east-1',
    'aws-cn': 'cn-northwest-1',
    'aws-us-gov': 'us-gov-west-1',
  });
  expect(places('network-manager')).toEqual({
    ...nowhereElse,
    aws: 'us-west-2',
    'aws-cn': null,
    'aws-us-gov': 'us-gov-west-1',
  });
  for (const region of ['us-west-2', 'us-gov-west-1']) {
    expect(endpointOf('networkmanager', region)).toEqual({
      host: `networkmanager.${region}.amazonaws.com`,
      signedFor: region,
    });
  }
});
