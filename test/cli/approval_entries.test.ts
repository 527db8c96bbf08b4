import { describe, expect, it } from 'vitest';
import { Approving, type ApprovalEntry } from '../../src/cli/approval_entries.js';
import type { HeldDelegation, HeldDelegations } from '../../src/rules/index.js';

const [ada, bob] = ['111111111111', '222222222222'];

type Services = HeldDelegations['services'];

const services: Services = [
  { id: 'guardduty', methods: ['organizations', 'service'], principals: ['guardduty.aws', 'malware.guardduty.aws'] },
  { id: 'hub', methods: ['organizations', 'service'], principals: ['hub.aws'] },
  { id: 'hub-cspm', methods: ['organizations', 'service'], principals: ['hub.aws'] },
  { id: 'macie', methods: ['organizations', 'service'], principals: ['macie.aws'] },
  { id: 'trail', methods: ['organizations', 'service'], principals: ['trail.aws'] },
  { id: 'config', methods: ['organizations'], principals: ['config.aws', 'config-multi.aws'] },
  { id: 'policy', methods: ['resource_policy'], principals: [] },
];

const regional = ['guardduty', 'hub-cspm', 'macie'].flatMap((serviceId) =>
  ['eu', 'us'].map((region) => ({ serviceId, region })),
);
const askedRegions = [...regional, { serviceId: 'hub', region: null }];

function held(serviceId: string, method: HeldDelegation['method'], more: Partial<HeldDelegation> = {}): HeldDelegation {
  return { serviceId, method, region: null, servicePrincipal: null, accountId: ada, grantedPrincipal: null, ...more };
}
const registered = (serviceId: string, servicePrincipal = `${serviceId}.aws`, accountId = ada): HeldDelegation =>
  held(serviceId, 'organizations', { servicePrincipal, accountId });
const named = (serviceId: string, region: string | null, accountId = ada): HeldDelegation =>
  held(serviceId, 'service', { region, accountId });

function entriesFor(all: HeldDelegation[], given: ApprovalEntry[] = [], more: Partial<HeldDelegations> = {}) {
  const approving = new Approving({ held: all, services, askedRegions, open: [], ...more });
  const { entries, unapprovable } = approving.entriesBeside(given);
  for (const each of all) {
    const isApproved = [...given, ...entries].some((entry) => approving.covers(entry, each));
    expect(isApproved).toBe(!unapprovable.includes(each));
  }
  return entries;
}

describe('an entry is as wide as it is true', () => {
  it('every method and every Region: the service alone', () => {
    expect(entriesFor([registered('macie'), named('macie', 'eu'), named('macie', 'us')])).toEqual([
      { service: 'macie', account: ada },
    ]);
  });

  it('one method of two', () => {
    expect(entriesFor([registered('macie')])).toEqual([{ service: 'macie', account: ada, method: 'organizations' }]);
    expect(entriesFor([named('macie', 'eu'), named('macie', 'us')])).toEqual([
      { service: 'macie', account: ada, method: 'service' },
    ]);
  });

  it('one Region of two, and somebody else in the other', () => {
    expect(entriesFor([registered('macie'), named('macie', 'eu'), named('macie', 'us', bob)])).toEqual([
      { service: 'macie', account: ada, region: 'eu' },
      { service: 'macie', account: ada, method: 'organizations' },
      { service: 'macie', account: bob, region: 'us' },
    ]);
  });

  it('one principal of two: an ID would approve the other one', () => {
    expect(entriesFor([registered('config')])).toEqual([{ service: 'config.aws', account: ada }]);
    expect(entriesFor([registered('config', 'config-multi.aws')])).toEqual([
      { service: 'config-multi.aws', account: ada },
    ]);
    expect(entriesFor([registered('config'), registered('config', 'config-multi.aws')])).toEqual([
      { service: 'config', account: ada },
    ]);
  });

  it('a principal that two services share', () => {
    const cspm = [registered('hub'), named('hub-cspm', 'eu'), named('hub-cspm', 'us')];
    expect(entriesFor(cspm)).toEqual([{ service: 'hub-cspm', account: ada }]);
    expect(entriesFor([...cspm, named('hub', null)])).toEqual([
      { service: 'hub', account: ada },
      { service: 'hub-cspm', account: ada },
    ]);
    expect(entriesFor([registered('hub')])).toEqual([{ service: 'hub', account: ada, method: 'organizations' }]);
  });

  it('a method that this version cannot see is not approved', () => {
    expect(entriesFor([registered('trail')])).toEqual([{ service: 'trail', account: ada, method: 'organizations' }]);
  });

  it('a service that nobody knows', () => {
    expect(entriesFor([registered('new.example', 'new.example')])).toEqual([
      { service: 'new.example', account: ada, method: 'organizations' },
    ]);
  });

  it('Regions that are not known', () => {
    const asked = [...askedRegions, { serviceId: 'macie', region: null }];
    const all = [registered('macie'), named('macie', 'eu'), named('macie', 'us')];
    expect(entriesFor(all, [], { askedRegions: asked })).toEqual([
      { service: 'macie', account: ada, region: 'eu' },
      { service: 'macie', account: ada, region: 'us' },
      { service: 'macie', account: ada, method: 'organizations' },
    ]);
  });

  it('each principal of the delegation policy', () => {
    const role = 'arn:aws:iam::111111111111:role/a';
    expect(
      entriesFor([
        held('policy', 'resource_policy', { grantedPrincipal: role }),
        held('policy', 'resource_policy', { grantedPrincipal: '*', accountId: '*' }),
      ]),
    ).toEqual([
      { service: 'policy', account: '*' },
      { service: 'policy', account: role },
    ]);
  });
});

describe('beside what is approved', () => {
  it('only the rest is added', () => {
    const all = [registered('macie'), named('macie', 'eu'), named('macie', 'us')];
    const given: ApprovalEntry[] = [{ service: 'macie', account: ada, region: 'us' }];
    // What is approved may be approved again, if that makes one entry of two.
    expect(entriesFor(all, given)).toEqual([{ service: 'macie', account: ada }]);
    expect(entriesFor(all, [{ service: 'macie', account: ada }])).toEqual([]);
  });

  it('an entry is there as long as it is about something', () => {
    const approving = new Approving({ held: [named('macie', 'eu')], services, askedRegions, open: [] });
    expect(approving.isThere({ service: 'macie', account: ada })).toBe(true);
    expect(approving.isThere({ service: 'macie', account: ada, region: 'us' })).toBe(false);
    expect(approving.isThere({ service: 'macie', account: ada, method: 'organizations' })).toBe(false);
    expect(approving.isThere({ service: 'macie', account: bob })).toBe(false);
  });

  it('of what was not read nobody says that it is gone', () => {
    const open = [
      { serviceId: 'hub', method: 'organizations', cause: 'unread', error: '' },
      { serviceId: 'guardduty', method: 'service', cause: 'not_configured', error: '' },
    ] as const;
    const approving = new Approving({ held: [], services, askedRegions, open });
    const isOpen = (service: string, method?: HeldDelegation['method']) =>
      approving.isOpen({ service, account: ada, method });
    expect([isOpen('hub'), isOpen('hub-cspm'), isOpen('hub-cspm', 'service')]).toEqual([true, true, false]);
    expect([isOpen('guardduty'), isOpen('malware.guardduty.aws', 'service')]).toEqual([true, true]);
    expect([isOpen('macie'), isOpen('policy'), isOpen('new.example')]).toEqual([false, false, true]);
  });
});
