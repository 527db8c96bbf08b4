import { describe, expect, it } from 'vitest';
import { Approving, type ApprovalEntry } from '../../src/cli/approval_entries.js';
import { principalsBeside, type PrincipalEntry } from '../../src/cli/approval_principals.js';
import { ApprovalsFile } from '../../src/cli/approvals_file.js';
import type { HeldDelegation, HeldDelegations, MadeChange } from '../../src/rules/index.js';

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
  const approving = new Approving({ held: all, services, askedRegions, open: [], changes: [], ...more });
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
    const approving = new Approving({ held: [named('macie', 'eu')], services, askedRegions, open: [], changes: [] });
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
    const approving = new Approving({ held: [], services, askedRegions, open, changes: [] });
    const isOpen = (service: string, method?: HeldDelegation['method']) =>
      approving.isOpen({ service, account: ada, method });
    expect([isOpen('hub'), isOpen('hub-cspm'), isOpen('hub-cspm', 'service')]).toEqual([true, true, false]);
    expect([isOpen('guardduty'), isOpen('malware.guardduty.aws', 'service')]).toEqual([true, true]);
    expect([isOpen('macie'), isOpen('policy'), isOpen('new.example')]).toEqual([false, false, true]);
  });
});

describe('principals', () => {
  const admin = 'arn:aws:iam::111111111111:role/Admin';
  const change = (more: Partial<MadeChange> = {}): MadeChange => ({
    principal: admin,
    principalType: 'AssumedRole',
    sessionArn: 'arn:aws:sts::111111111111:assumed-role/Admin/ada',
    action: 'organizations:AttachPolicy',
    wasAllowed: true,
    ...more,
  });
  const entriesBeside = (given: PrincipalEntry[], ...changes: MadeChange[]) => principalsBeside(given, changes).entries;

  it('each action of each principal, once for all of its sessions', () => {
    const changes = [
      change(),
      change({ sessionArn: 'arn:aws:sts::111111111111:assumed-role/Admin/eve' }),
      change({ action: 'guardduty:EnableOrganizationAdminAccount' }),
      change({ principal: 'controltower.amazonaws.com', principalType: 'AWSService', sessionArn: null }),
    ];
    expect(principalsBeside([], changes)).toEqual({
      entries: [
        { principal: admin, actions: ['organizations:AttachPolicy'] },
        { principal: admin, actions: ['guardduty:EnableOrganizationAdminAccount'] },
        { principal: 'controltower.amazonaws.com', actions: ['organizations:AttachPolicy'] },
      ],
      refused: [],
      unapprovable: [],
    });
  });

  it.each<[string, PrincipalEntry, boolean]>([
    ['the role', { principal: admin }, true],
    [
      'a pattern of roles',
      { principal: 'arn:aws:iam::*:role/Ad?in', actions: ['iam:*', 'ORGANIZATIONS:attach*'] },
      true,
    ],
    ['its session', { principal: 'arn:aws:sts::111111111111:assumed-role/Admin/ada' }, true],
    ['another session', { principal: 'arn:aws:sts::111111111111:assumed-role/Admin/eve' }, false],
    ['another action', { principal: admin, actions: ['organizations:DetachPolicy'] }, false],
    ['no action', { principal: admin, actions: [] }, false],
    ['another letter case', { principal: 'arn:aws:iam::111111111111:role/admin' }, false],
    ['the beginning of its name', { principal: 'arn:aws:iam::111111111111:role/Adm' }, false],
    ['what a dot would match', { principal: 'arn:aws:iam::111111111111:role/Adm.n' }, false],
  ])('nothing beside an entry that names %s', (_, entry, isApproved) => {
    expect(entriesBeside([entry], change())).toHaveLength(isApproved ? 0 : 1);
  });

  it('what AWS refused is approved by nobody but a person', () => {
    const refused = change({ wasAllowed: false });
    expect(principalsBeside([], [refused])).toEqual({ entries: [], refused: [refused], unapprovable: [] });
    // Who did it at another time is approved for all of them.
    expect(principalsBeside([], [change(), refused])).toMatchObject({ entries: [{ principal: admin }], refused: [] });
    expect(principalsBeside([{ principal: admin }], [refused]).refused).toEqual([]);
  });

  it('nobody whom an entry cannot name, or only together with others', () => {
    const nobody = [
      change({ principal: null, principalType: null, sessionArn: null }),
      change({ principal: 'anonymous', principalType: 'AWSAccount', sessionArn: null }),
      change({ principal: 'controltower.amazonaws.com', principalType: null, sessionArn: null }),
      change({ principal: 'arn:aws:iam::111111111111:role/*/Admin', sessionArn: null }),
    ];
    const given = [{ principal: 'controltower.amazonaws.com' }];
    expect(principalsBeside(given, nobody)).toEqual({ entries: [], refused: [], unapprovable: nobody });
  });

  const signature = { approved_by: 'Ada', approved_on: '2026-11-01' };
  const added = (text: string): string => {
    const file = ApprovalsFile.parse('approvals.yml', text);
    const entry = { principal: admin, actions: ['organizations:AttachPolicy'] };
    expect(file.addPrincipals([entry, { principal: 'nobody', actions: ['*'] }], signature)).toEqual([
      { principal: 'nobody', actions: ['*'] },
    ]);
    return file.text();
  };
  const written = `
  - principal: ${admin}
    actions:
      - organizations:AttachPolicy
    approved_by: Ada
    approved_on: 2026-11-01
`;

  it('go beside those that are in the file, under a key of their own', () => {
    const own = `# Ours.
delegations: []
principals:
  # The platform team.
  - {principal: 'arn:aws:iam::*:role/a', approved_by: grace, approved_on: 2020-01-01} # rarely`;
    expect(added(own)).toBe(`${own}${written}`);
    expect(added('# Nothing yet.\n')).toBe(`# Nothing yet.\n\ndelegations: []\nprincipals:${written}`);
  });

  it('make a map of a list alone, whose comments stay with the first entry', () => {
    expect(
      added(
        `# Ours.\n- {service: macie, account: '222222222222', approved_by: grace, approved_on: 2020-01-01} # all\n`,
      ),
    ).toBe(
      `delegations:\n  # Ours.\n  - {service: macie, account: '222222222222', approved_by: grace, approved_on: 2020-01-01} # all\nprincipals:${written}`,
    );
  });

  it('leave a file as it is where there is none to add', () => {
    const text = '- {service: macie,   account: "222222222222", approved_by: grace, approved_on: 2020-01-01}';
    const file = ApprovalsFile.parse('approvals.yml', text);
    expect(file.addPrincipals([], signature)).toEqual([]);
    expect(file.text()).toBe(text);
  });
});
