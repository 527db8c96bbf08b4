import type { PageOrganization } from '../../report/page_data.js';
import { plural } from './words.js';

/** `29 Nov 2026, 03:37 UTC` */
export function timeText(iso: string | null): string {
  if (iso === null) return 'not known';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const hasTime = iso.includes('T');
  return hasTime ? `${day}, ${date.toISOString().slice(11, 16)} UTC` : day;
}

/** `3 days ago`; of what lies ahead, `in 3 days`. */
export function ageText(iso: string, now: number): string {
  const minutes = Math.round((now - new Date(iso).getTime()) / 60_000);
  const size = Math.abs(minutes);
  const text =
    size < 90
      ? plural(size, 'minute')
      : size < 48 * 60
        ? plural(Math.round(size / 60), 'hour')
        : plural(Math.round(size / 1440), 'day');
  if (size < 1) return 'just now';
  return minutes < 0 ? `in ${text}` : `${text} ago`;
}

export function isTooOld({ syncTime, maxAgeHours }: PageOrganization, now: number): boolean {
  return syncTime === null || now - new Date(syncTime).getTime() > maxAgeHours * 3_600_000;
}
