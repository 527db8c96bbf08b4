import type { Rule } from './header.js';

export interface Control {
  /** As the header of a rule names it. */
  readonly id: string;
  readonly title: string;
  /** What nobody can read from an API: told as a question, because silence would look like a pass. */
  readonly manual: readonly string[];
}

export interface Framework {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly controls: readonly Control[];
}

/** A control with the rules that answer a part of it. */
export interface ControlRules {
  readonly control: Control;
  readonly rules: readonly Rule[];
}

/** Every rule is in this one, and no header says so. */
const ownId = 'aws_delegation';

const allAccounts =
  'Are all AWS accounts of the company in this organization? An account outside of it shows nowhere here.';
const consoleOnly =
  'Some powers of a delegate are granted and used in the console of the service alone (such as permission sets of IAM ' +
  'Identity Center). Has the owner of each service reviewed who may sign in to the delegated account?';

export const frameworks: readonly Framework[] = [
  {
    id: ownId,
    title: 'AWS delegated administration (this pack)',
    source: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html',
    controls: [{ id: 'all', title: 'Every rule of this pack', manual: [allAccounts, consoleOnly] }],
  },
  {
    id: 'cis_aws_7.0',
    title: 'CIS AWS Foundations Benchmark 7.0, section 2.1',
    source: 'https://www.cisecurity.org/benchmark/amazon_web_services',
    controls: [
      {
        id: '2.1.1',
        title: 'Root access of member accounts is managed centrally',
        manual: [
          'Were the root passwords, access keys and MFA devices that members still had removed, after it was switched on?',
        ],
      },
      {
        id: '2.1.2',
        title: 'Guardrails limit what every account of the organization may do',
        manual: [
          allAccounts,
          'Which guardrails does your own baseline ask for beyond the ones judged here, in SCPs as well as in resource control policies?',
        ],
      },
      {
        id: '2.1.3',
        title: 'No workload runs in the management account',
        manual: [
          'Which resources are in the management account, and does each of them serve the organization itself? Resources are not read here.',
        ],
      },
      {
        id: '2.1.4',
        title: 'Organizational units follow environment and sensitivity',
        manual: [
          'Does the purpose of each organizational unit follow environment and sensitivity rather than the chart of the company, and do its accounts keep to it?',
        ],
      },
      {
        id: '2.1.5',
        title: 'A delegated administrator manages the policies of the organization',
        manual: [
          'Do people change policies from the delegated account in their daily work, and is that account made for it?',
        ],
      },
      {
        id: '2.1.6',
        title: 'Delegated administrators manage the services that work with the organization',
        manual: [
          consoleOnly,
          'Is each service that can be delegated and is in use run from its delegated account in daily work, and not from the management account?',
        ],
      },
    ],
  },
  {
    id: 'aws_sra',
    title: 'AWS Security Reference Architecture',
    source: 'https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/welcome.html',
    controls: [
      {
        id: 'delegated_administration',
        title: 'Services are administered from member accounts made for it',
        manual: [consoleOnly],
      },
      {
        id: 'management_account',
        title: 'The management account does what only it can do',
        manual: [
          'Which people and programs can still sign in to the management account, and does each of them need to?',
        ],
      },
      {
        id: 'security_tooling_account',
        title: 'The Security Tooling account administers the security services',
        manual: [
          'Is the account that `owners` of the spec names as infosec used by the security team alone?',
          'Where Security Hub CSPM is configured centrally: does a configuration policy that switches it on apply to the root, or to every organizational unit that new accounts come to? Configuration policies are not read here.',
        ],
      },
      {
        id: 'log_archive_account',
        title: 'The Log Archive account keeps the logs of the organization',
        manual: [
          'Is the bucket with the logs in an account that nobody works in, and protected from deletion? Buckets are not read here.',
        ],
      },
      {
        id: 'organization_policies',
        title: 'Policies of the organization set the limits',
        manual: [
          'Were the policies tried in an organizational unit of their own before they were attached further up?',
        ],
      },
      {
        id: 'trusted_access',
        title: 'Trusted access is on for the services that are used, and for no others',
        manual: ['Does somebody still need each service that has trusted access?'],
      },
      {
        id: 'central_root_access',
        title: 'Root access of members is managed centrally',
        manual: ['Were the root credentials that members still had removed?'],
      },
      {
        id: 'ou_structure',
        title: 'Accounts are in organizational units by function, security and infrastructure apart from workloads',
        manual: [allAccounts],
      },
    ],
  },
];

export function frameworkNamed(id: string): Framework | undefined {
  return frameworks.find((framework) => framework.id === id);
}

/** Every control of the framework in its order, those without a rule too. */
export function controlsOf(framework: Framework, rules: readonly Rule[]): ControlRules[] {
  return framework.controls.map((control) => ({
    control,
    rules: rules.filter((rule) => framework.id === ownId || (rule.frameworks[framework.id] ?? []).includes(control.id)),
  }));
}

/** The rules that answer a part of the framework. */
export function rulesOf(framework: Framework, rules: readonly Rule[]): Rule[] {
  const answering = new Set(controlsOf(framework, rules).flatMap((each) => each.rules));
  return rules.filter((rule) => answering.has(rule));
}

/** What the header of a rule names and no framework has, such as `cis_aws_7.0: 2.1.9`. */
export function unknownControls(rule: Rule): string[] {
  return Object.entries(rule.frameworks).flatMap(([id, numbers]) => {
    const controls = frameworkNamed(id)?.controls ?? [];
    return numbers
      .filter((number) => !controls.some((control) => control.id === number))
      .map((number) => `${id}: ${number}`);
  });
}
