import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';

import {
  defaultRegions,
  isKnownRegion,
  nearestRegions,
  partition,
  partitionOf,
  partitions,
  regionNamed,
} from '../../src/catalog/index.js';

describe('partitions', () => {
  const everyRegion = partitions.flatMap(({ id, regions }) => regions.map(({ name }) => ({ id, name })));

  it('hold each Region once, found again by its name', () => {
    expect(new Set(everyRegion.map(({ name }) => name)).size).toBe(everyRegion.length);
    for (const { id, name } of everyRegion) {
      expect(partitionOf(name), name).toBe(id);
      expect(isKnownRegion(name), name).toBe(true);
    }
    expect(partitions.map(({ id, regions }) => [id, regions.length])).toEqual([
      ['aws', 36],
      ['aws-cn', 2],
      ['aws-us-gov', 2],
      ['aws-iso', 2],
      ['aws-iso-b', 2],
      ['aws-iso-e', 1],
      ['aws-iso-f', 2],
      ['aws-eusc', 1],
    ]);
  });

  it('place a Region that is newer than the catalogue, and no other name', () => {
    expect(partitionOf('eu-west-9')).toBe('aws');
    expect(partitionOf('us-gov-central-1')).toBe('aws-us-gov');
    expect(partitionOf('cn-south-1')).toBe('aws-cn');
    expect(partitionOf('us-isof-north-2')).toBe('aws-iso-f');
    for (const name of ['', 'aws-global', 'us-east', 'us-east-1a', 'US-EAST-1', 'moon-base-1']) {
      expect(partitionOf(name), name).toBeUndefined();
      expect(isKnownRegion(name), name).toBe(false);
    }
  });

  it('agree with the SDK on where Organizations is, from every Region', () => {
    for (const { id, organizationsRegion, regions } of partitions) {
      expect(regions.map(({ name }) => name)).toContain(organizationsRegion);
      for (const { name } of regions) {
        const client = new OrganizationsClient({ region: name });
        const endpoint = client.config.endpointProvider({ Region: name, UseFIPS: false, UseDualStack: false });
        expect(endpoint.url.hostname, `${id} ${name}`).toMatch(
          new RegExp(`^organizations\\.${organizationsRegion}\\.`),
        );
        expect(endpoint.properties?.authSchemes?.[0], `${id} ${name}`).toMatchObject({
          signingRegion: organizationsRegion,
        });
        client.destroy();
      }
    }
  });

  it('know the 17 commercial Regions that no account has to switch on', () => {
    expect(defaultRegions('aws')).toEqual([
      'ap-northeast-1',
      'ap-northeast-2',
      'ap-northeast-3',
      'ap-south-1',
      'ap-southeast-1',
      'ap-southeast-2',
      'ca-central-1',
      'eu-central-1',
      'eu-north-1',
      'eu-west-1',
      'eu-west-2',
      'eu-west-3',
      'sa-east-1',
      'us-east-1',
      'us-east-2',
      'us-west-1',
      'us-west-2',
    ]);
    expect(partition('aws').regions.filter(({ kind }) => kind === 'opt-in')).toHaveLength(17);
    expect(defaultRegions('aws-cn')).toEqual(['cn-north-1', 'cn-northwest-1']);
    expect(regionNamed('me-west-1')).toEqual({
      name: 'me-west-1',
      location: 'Middle East (Saudi Arabia)',
      kind: 'unsurveyed',
    });
  });
});

describe('nearestRegions', () => {
  it.each([
    ['eu-west1', 'eu-west-1'],
    ['us-east', 'us-east-1'],
    ['us-esat-1', 'us-east-1'],
    [' EU-CENTRAL-1 ', 'eu-central-1'],
    ['us-east-1a', 'us-east-1'],
    ['frankfurt', 'eu-central-1'],
    ['Ireland', 'eu-west-1'],
    ['us-gov-west', 'us-gov-west-1'],
  ])('for %s starts with %s', (asked, expected) => {
    expect(nearestRegions(asked)[0]).toBe(expected);
  });

  it('offers three at most, and nothing where nothing is near', () => {
    expect(nearestRegions('us-west-3').length).toBeLessThanOrEqual(3);
    expect(nearestRegions('all-of-them-please')).toEqual([]);
    expect(nearestRegions('*')).toEqual([]);
    expect(nearestRegions('')).toEqual([]);
  });
});
