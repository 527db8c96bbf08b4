/** A time of day (UTC) so many days from now; the same all day long. */
export function daysFromNow(days: number, clock = '08:15'): string {
  return `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T${clock}:00Z`;
}
