import type { JSX } from 'preact';
import type { MatrixRow } from '../model/matrix.js';
import { Link } from '../parts/link.js';
import { CellWords, Differences } from './cell_words.js';

/** Some are in use in the whole organization, and no account but that of the management can administer them. */
const canBeDelegated = ({ registered, whole }: MatrixRow): boolean => registered !== null || whole !== null;

export function WholeServices({ rows }: { readonly rows: readonly MatrixRow[] }): JSX.Element {
  return (
    <table class="whole-services">
      <caption>Who administers these services</caption>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">Registered with Organizations</th>
          <th scope="col">By the service or the delegation policy</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <Link to={['services', row.id]}>{row.name}</Link> <span class="quiet">{row.category}</span>
            </th>
            <td data-title="Registered with Organizations">
              {row.registered ? (
                <CellWords cell={row.registered} />
              ) : (
                <span class="quiet">{canBeDelegated(row) ? 'not by Organizations' : 'cannot be delegated'}</span>
              )}
            </td>
            <td data-title="By the service or the delegation policy">
              {row.whole ? (
                <CellWords cell={row.whole} />
              ) : (
                <span class="quiet">{canBeDelegated(row) ? 'only Organizations tells' : ''}</span>
              )}
              {row.whole && <Differences cell={row.whole} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
