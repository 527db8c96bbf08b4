import type { JSX } from 'preact';
import type { PageGrant } from '../../report/page_data.js';
import { plural } from '../model/words.js';
import { usePage } from '../parts/page_state.js';
import { StatusIcon } from '../parts/status.js';
import { Name } from '../parts/text.js';

const groupNames: Readonly<Record<string, string>> = {
  policy_management: 'manage policies',
  policy_type_switching: 'switch policy types on and off',
  delegation_policy: 'change this delegation policy itself',
  structure: 'change the structure and move accounts',
  tagging: 'tag',
  viewing: 'look',
  other: 'something that this version does not know',
};

/** The gravest first. */
const groupOrder = [
  'delegation_policy',
  'structure',
  'policy_type_switching',
  'policy_management',
  'other',
  'tagging',
  'viewing',
];

export function GrantList({ grants }: { readonly grants: readonly PageGrant[] }): JSX.Element {
  const { isPrinting } = usePage();
  const sorted = [...grants].sort(
    (left, right) =>
      groupOrder.indexOf(left.group) - groupOrder.indexOf(right.group) || left.statement - right.statement,
  );
  return (
    <ul class="grants">
      {sorted.map((grant, index) => {
        const {
          group,
          policyTypes,
          resources,
          notResources,
          conditions,
          isDenied,
          isConditional,
          isPolicyWork,
          actions,
          sid,
          statement,
          isNotPrincipal,
          principal,
        } = grant;
        return (
          <li key={index} class={isDenied ? 'is-denied' : undefined}>
            <p>
              {isPolicyWork && !isDenied && <span class="flag">policy work</span>}
              <b>May {groupNames[group] ?? group}</b>{' '}
              {policyTypes !== null &&
                (policyTypes.length === 0
                  ? 'of no type at all'
                  : `of type ${policyTypes.map((type) => type.toLowerCase().replaceAll('_', ' ')).join(', ')}`)}{' '}
              <span class="quiet">
                <Name>{sid ?? `statement ${statement}`}</Name>
                {isConditional && ', under conditions'}
              </span>
            </p>
            {isNotPrincipal && (
              <p class="fail-text">
                <StatusIcon status="fail" /> Everybody but <Name>{principal}</Name>
              </p>
            )}
            {isDenied && <p class="quiet">A Deny takes it away again.</p>}
            <details open={isPrinting}>
              <summary>{plural(actions.length, 'action')}</summary>
              <p class="actions">{actions.join(', ')}</p>
              {resources !== null && (
                <p>
                  <b>On</b> <Name>{resources.join(', ')}</Name>
                </p>
              )}
              {notResources !== null && (
                <p>
                  <b>On all but</b> <Name>{notResources.join(', ')}</Name>
                </p>
              )}
              {conditions != null && <pre>{JSON.stringify(conditions, null, 2)}</pre>}
            </details>
          </li>
        );
      })}
    </ul>
  );
}
