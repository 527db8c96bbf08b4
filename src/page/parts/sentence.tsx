import { Fragment, type JSX } from 'preact';
import type { PageVerdict } from '../../report/page_data.js';
import { fromRuns, lengthOfRuns } from '../model/runs.js';
import { plural } from '../model/words.js';
import { AccountLink } from './account.js';
import { Name } from './text.js';

/** The two halves of a reason, and between them the accounts or Regions for which it is the same. */
export function Sentence({ verdict }: { readonly verdict: PageVerdict }): JSX.Element {
  const { before, after, labels, names } = verdict;
  const total = lengthOfRuns(labels) + names.length;
  const first = [
    ...fromRuns(labels.slice(0, 2))
      .slice(0, 3)
      .map((index) => <AccountLink key={index} index={index} />),
    ...names.slice(0, 3).map((name) => <Name key={name}>{name}</Name>),
  ];
  const shown = total <= 3 ? subjectsOf(verdict) : first.slice(0, 3);
  const rest = total - shown.length;
  const noun = lengthOfRuns(labels) > 0 || before === '' ? 'account' : 'Region';
  return (
    <span class="sentence">
      <bdi>{before}</bdi>
      {shown.map((part, place) => (
        <Fragment key={place}>
          {place > 0 && (rest === 0 && place === shown.length - 1 ? ' and ' : ', ')}
          {part}
        </Fragment>
      ))}
      {rest > 0 && <strong> and {plural(rest, `more ${noun}`)}</strong>}
      <bdi>{after}</bdi>
    </span>
  );
}

export function subjectsOf({ labels, names }: PageVerdict): JSX.Element[] {
  return [
    ...fromRuns(labels).map((index) => <AccountLink key={index} index={index} />),
    ...names.map((name) => <Name key={name}>{name}</Name>),
  ];
}
