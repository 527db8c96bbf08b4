import type { JSX } from 'preact';
import { Regions } from './regions.js';
import { StatusIcon } from './status.js';
import { Name } from './text.js';

const enrolmentNames: Readonly<Record<string, string>> = {
  all: 'all accounts become members, those of before too',
  new: 'new accounts become members',
  central: 'configured centrally',
  policy: 'new accounts become members by a policy',
  some: 'new accounts become members, but not for everything',
  none: 'new accounts do not become members',
};

export function EnrolmentList({
  enrolments,
}: {
  readonly enrolments: readonly {
    readonly enrolment: string | null;
    readonly setting: string | null;
    readonly problem: string | null;
    readonly regions: readonly (string | null)[];
  }[];
}): JSX.Element {
  return (
    <ul class="plain-list">
      {enrolments.map(({ enrolment, setting, problem, regions }, index) => (
        <li key={index}>
          {enrolment === null ? (
            <span class="unknown-text">
              <StatusIcon status="unknown" /> not known: <Name>{problem}</Name>
            </span>
          ) : (
            <>
              {enrolmentNames[enrolment] ?? enrolment}{' '}
              <span class="quiet">
                <Name>{setting}</Name>
              </span>
            </>
          )}{' '}
          <Regions regions={regions} />
        </li>
      ))}
    </ul>
  );
}
