import type { Framework, ReportInput, Rule, RuleResult } from '../../src/rules/index.js';

const rule = (id: string, more: Partial<Rule> = {}): Rule => ({
  id,
  title: `Title of ${id}, with <b>, "quotes" & a | in it`,
  severity: 'critical',
  frameworks: { 'cis_aws_7.0': ['2.1.2', '2.1.6'], aws_sra: ['trusted_access'] },
  reads: ['aws_organizations'],
  why: 'Because <it> matters.',
  decides: 'It looks.',
  unknown: 'It could not look.',
  remediation: 'Run {register_command}.',
  source: 'https://docs.aws.amazon.com/',
  file: `queries/rules/${id}.sql`,
  sql: 'select',
  ...more,
});

const row = (more: Partial<RuleResult> & Pick<RuleResult, 'rule'>): RuleResult => ({
  organizationId: 'o-example',
  accountId: '111111111111',
  region: 'eu-west-1',
  resourceId: 'guardduty',
  status: 'pass',
  rawStatus: more.status === 'waived' ? 'fail' : (more.status ?? 'pass'),
  reason: 'all is well',
  unknownCause: null,
  waiver: null,
  remediation: null,
  ...more,
});

const held = rule('held_by_owner');
const quiet = rule('quiet_rule', { severity: 'low', frameworks: {} });

/** A few verdicts with every character that a format could trip over. */
export const nasty: ReportInput = {
  organizations: [
    {
      sourceName: 'prod | <x>',
      organizationId: 'o-example',
      managementAccountId: '111111111111',
      featureSet: 'ALL',
      syncTime: '2026-11-01T12:00:00Z',
      accountCount: 3,
      isAbsent: false,
      readError: null,
    },
  ],
  delegations: [],
  results: [
    row({
      rule: held,
      status: 'fail',
      reason:
        '=HYPERLINK("https://x.example","Shop, \'A|B\'") <script> & \u001b[31mred\u0007\u0008 [link](x) *star* @team `code | x` `odd',
      remediation: 'Run `aws x --account-id <ACCOUNT_ID>`, then\nlook | at it',
    }),
    row({ rule: held, status: 'fail', region: null, resourceId: '+1,2', reason: '-1+1\r\nsecond "line"\t# 3' }),
    row({
      rule: held,
      status: 'unknown',
      unknownCause: 'unread',
      resourceId: '@macie',
      reason: 'a read was denied ]]> \ud800 \u{1f600}',
    }),
    row({
      rule: held,
      status: 'unknown',
      unknownCause: 'not_configured',
      resourceId: 'config',
      reason: 'add `owners: {infosec: ...}`',
    }),
    row({
      rule: held,
      status: 'waived',
      resourceId: 'detective',
      reason: 'held by another',
      waiver: 'accepted by Ada until 2027-01-01: being <sold> (ticket SEC-7)',
      remediation: 'Run it.',
    }),
    row({
      rule: quiet,
      status: 'fail',
      resourceId: '\t=cmd',
      accountId: null,
      reason: 'a small thing',
      remediation: 'Mend it.',
    }),
    row({ rule: quiet, resourceId: '111111111111', region: null }),
    row({ rule: quiet, status: 'not_applicable', organizationId: null, resourceId: 'macie', reason: 'not in use' }),
  ],
  waivers: [
    {
      organizationId: 'o-example',
      rule: 'held_by_owner',
      resource: 'detective',
      accountId: null,
      region: '',
      reason: 'being <sold>',
      owner: null,
      ticket: 'SEC-7',
      approvedBy: 'Ada',
      expires: '2027-01-01',
      state: 'used',
    },
    {
      organizationId: 'o-example',
      rule: 'held_by_owner',
      resource: 'macie*',
      accountId: '222222222222',
      region: 'eu-west-1',
      reason: 'the team | of "data" <hands> it over',
      owner: 'Grace',
      ticket: null,
      approvedBy: 'Ada',
      expires: '2026-10-01',
      state: 'expired',
    },
    {
      organizationId: null,
      rule: 'quiet_rule',
      resource: '*',
      accountId: null,
      region: null,
      reason: '@nobody',
      owner: null,
      ticket: null,
      approvedBy: '=Ada',
      expires: '2027-02-03',
      state: 'unused',
    },
  ],
  executionTime: new Date('2026-11-01T13:00:00.5Z'),
  packVersion: '0.1.0',
};

export const nastyFramework: Framework = {
  id: 'cis_aws_7.0',
  title: 'CIS <AWS> 7.0',
  source: 'https://example.com/',
  controls: [
    { id: '2.1.2', title: 'Guardrails & limits', manual: ['Is it "all" | of <them>?'] },
    { id: '2.1.5', title: 'Nobody judges this', manual: ['Do people do it?'] },
  ],
};
