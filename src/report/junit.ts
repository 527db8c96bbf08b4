import { exitCodeOf, type ExitCodeOptions, type ReportInput, type RuleResult } from '../rules/index.js';
import { xmlText } from './characters.js';
import { causeNames, idleWaivers, manualQuestions, rulesIn, waiverText } from './summary.js';

interface Case {
  readonly className: string;
  readonly name: string;
  readonly outcome: Outcome | null;
}

interface Outcome {
  readonly element: 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly more?: string | null;
}

interface Suite {
  readonly name: string;
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly cases: readonly Case[];
}

/**
 * JUnit XML, as GitHub, GitLab and Jenkins read it: a suite per rule, a case per verdict. It is red where the exit code is not
 * 0: a finding is a failure, and an unknown that counts is an error. Whatever else did not pass is skipped, with the reason.
 */
export function junitReport(input: ReportInput, options: ExitCodeOptions = {}): string {
  const suites: Suite[] = rulesIn(input.results).map((rule) => ({
    name: rule.id,
    properties: [
      ['title', rule.title],
      ['severity', rule.severity],
      ...Object.entries(rule.frameworks).map(([id, numbers]) => [id, numbers.join(', ')] as const),
    ],
    cases: input.results.filter((result) => result.rule.id === rule.id).map((result) => caseOf(result, options)),
  }));
  const idle = idleWaivers(input).map((waiver) =>
    skippedCase('waivers', `${waiver.rule} ${waiver.resource}`, waiver.state, waiverText(waiver)),
  );
  const manual = manualQuestions(input).map(({ controlId, question }) =>
    skippedCase(input.framework?.id ?? '', `${controlId} ${question}`, 'manual', `MANUAL: ${question}`),
  );
  if (idle.length > 0) suites.push({ name: 'waivers', properties: [], cases: idle });
  if (manual.length > 0)
    suites.push({ name: `manual questions of ${input.framework?.id ?? ''}`, properties: [], cases: manual });
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="aws-delegation"${counts(all)}>`,
    ...suites.flatMap((suite) => suiteLines(suite, input.executionTime)),
    '</testsuites>',
    '',
  ].join('\n');
}

function caseOf(result: RuleResult, options: ExitCodeOptions): Case {
  const { rule, resourceId, region, accountId } = result;
  // The same resource can be judged in several Regions and, where several organizations are read, several times.
  const name = [resourceId, region, accountId === resourceId ? null : accountId].filter((part) => part !== null);
  return { className: `aws_delegation.${rule.id}`, name: name.join(' '), outcome: outcomeOf(result, options) };
}

function outcomeOf(result: RuleResult, options: ExitCodeOptions): Outcome | null {
  const { rule, status, reason, unknownCause, waiver, remediation } = result;
  const doesCount = exitCodeOf([result], options) !== 0;
  const more = remediation === null ? null : `To do: ${remediation}`;
  switch (status) {
    case 'pass':
      return null;
    case 'fail':
      return doesCount
        ? { element: 'failure', type: rule.severity, message: reason, more }
        : { element: 'skipped', type: 'fail', message: `fail, ${rule.severity}, below --fail-on: ${reason}`, more };
    case 'unknown': {
      const cause = unknownCause === null ? '' : ` (${causeNames[unknownCause]})`;
      return {
        element: doesCount ? 'error' : 'skipped',
        type: unknownCause ?? 'unknown',
        message: `unknown${cause}: ${reason}`,
      };
    }
    case 'waived':
      return { element: 'skipped', type: 'waived', message: `waived, ${waiver ?? 'by the spec'}: ${reason}`, more };
    case 'not_applicable':
      return { element: 'skipped', type: 'not_applicable', message: `not applicable: ${reason}` };
  }
}

function skippedCase(group: string, name: string, type: string, message: string): Case {
  return { className: `aws_delegation.${group}`, name, outcome: { element: 'skipped', type, message } };
}

function suiteLines({ name, properties, cases }: Suite, executionTime: Date): string[] {
  const timestamp = executionTime.toISOString().slice(0, 19);
  return [
    `  <testsuite name="${xmlText(name)}"${counts(cases)} time="0" timestamp="${timestamp}">`,
    ...(properties.length === 0
      ? []
      : [
          '    <properties>',
          ...properties.map(([key, value]) => `      <property name="${xmlText(key)}" value="${xmlText(value)}"/>`),
          '    </properties>',
        ]),
    ...cases.map(caseLine),
    '  </testsuite>',
  ];
}

function caseLine({ className, name, outcome }: Case): string {
  const start = `    <testcase classname="${xmlText(className)}" name="${xmlText(name)}" time="0"`;
  if (outcome === null) return `${start}/>`;
  const { element, type, message, more = null } = outcome;
  // GitLab shows the text, Jenkins the attribute first: both have the reason.
  const text = [message, more].filter((part) => part !== null).join('\n');
  return `${start}><${element} type="${xmlText(type)}" message="${xmlText(message)}">${xmlText(text)}</${element}></testcase>`;
}

function counts(cases: readonly Case[]): string {
  const count = (wanted: Outcome['element']): number =>
    cases.filter(({ outcome }) => outcome?.element === wanted).length;
  return ` tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}
