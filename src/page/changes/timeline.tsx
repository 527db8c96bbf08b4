import type { JSX } from 'preact';
import type { PageChange } from '../../report/page_data.js';
import { timeText } from '../model/times.js';
import { plural } from '../model/words.js';
import { isOpen } from './open.js';

/** A stroke for each event, by day; the table below has them in words. */
export function Timeline({ changes }: { readonly changes: readonly PageChange[] }): JSX.Element | null {
  const times = changes.map(({ at }) => Date.parse(at)).filter((time) => !Number.isNaN(time));
  const first = Math.min(...times);
  const last = Math.max(...times);
  if (times.length < 2 || last === first) return null;
  const width = 1000;
  const day = 86_400_000;
  const start = Math.floor(first / day) * day;
  const end = (Math.floor(last / day) + 1) * day;
  const heights = new Map<number, number>();
  const most = 8;
  return (
    <figure class="timeline">
      <svg
        viewBox={`0 0 ${width} 74`}
        role="img"
        aria-label={`${plural(changes.length, 'event')} between ${timeText(new Date(first).toISOString())} and ${timeText(new Date(last).toISOString())}`}
      >
        <line x1="0" y1="70" x2={width} y2="70" />
        {changes.map((change, index) => {
          const place = Math.floor(Date.parse(change.at) / day);
          const height = heights.get(place) ?? 0;
          heights.set(place, height + 1);
          if (height >= most || Number.isNaN(place)) return null;
          const x = 8 + ((place * day - start) / (end - start)) * (width - 16);
          return (
            <rect
              key={index}
              class={isOpen(change) ? 'open' : change.wasAllowed ? 'calm' : 'refused'}
              x={x}
              y={61 - height * 8}
              width="7"
              height="7"
              rx="1.5"
            />
          );
        })}
      </svg>
      <figcaption>
        <span>{timeText(new Date(first).toISOString().slice(0, 10))}</span>
        <span class="timeline-legend">
          <i class="open" /> significant, not approved <i class="calm" /> other <i class="refused" /> refused
        </span>
        <span>{timeText(new Date(last).toISOString().slice(0, 10))}</span>
      </figcaption>
    </figure>
  );
}
