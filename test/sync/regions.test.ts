import { describe, expect, it } from 'vitest';
import { planRegions, type RegionFacts } from '../../src/sync/regions.js';

const facts: RegionFacts = {
  optInStatus: new Map([
    ['eu-west-1', 'opt-in-not-required'],
    ['af-south-1', 'not-opted-in'],
    ['ap-east-1', 'opted-in'],
    ['xx-new-1', 'opted-in'],
  ]),
  knownRegions: ['eu-west-1', 'af-south-1', 'ap-east-1'],
  isAlwaysOn: (region) => region === 'eu-west-1' || region === 'us-gov-west-1',
  isServiceIn: (region) => (region === 'xx-new-1' ? null : region !== 'ap-east-1'),
  wanted: 'all',
};

const plan = (changes: Partial<RegionFacts>): { asked: string[]; unasked: Record<string, string> } => {
  const { places, unasked } = planRegions({ ...facts, ...changes });
  return {
    asked: places.map(({ region, certainty }) => `${region}${certainty.isRegionKnownEnabled ? '' : '?'}`),
    unasked: Object.fromEntries(unasked.map(({ region, reason }) => [region, reason.outcome])),
  };
};

describe('which Regions of a service are asked', () => {
  it('those that are enabled and have it; one that nobody knows is asked too', () => {
    expect(plan({})).toEqual({
      asked: ['eu-west-1', 'xx-new-1'],
      unasked: { 'af-south-1': 'absent', 'ap-east-1': 'absent' },
    });
  });

  it('only those that the spec wants; the others are skipped, not absent', () => {
    expect(plan({ wanted: ['eu-west-1'] })).toEqual({
      asked: ['eu-west-1'],
      unasked: { 'af-south-1': 'skipped', 'ap-east-1': 'skipped', 'xx-new-1': 'skipped' },
    });
  });

  it('all of the partition where AWS does not say which are enabled', () => {
    expect(plan({ optInStatus: null })).toEqual({
      asked: ['af-south-1?', 'eu-west-1'],
      unasked: { 'ap-east-1': 'absent' },
    });
  });

  it('one that nobody can switch off, also where a list leaves it out', () => {
    expect(plan({ optInStatus: new Map() })).toEqual({ asked: ['eu-west-1'], unasked: {} });
  });

  it('one that the spec wants and AWS does not list is not enabled', () => {
    expect(plan({ wanted: ['us-gov-west-1'] }).unasked['us-gov-west-1']).toBe('absent');
  });
});
