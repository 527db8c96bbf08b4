/** A line of CSV as COPY of PostgreSQL writes and reads it: null is empty, an empty text is in quotes. Ends with a line feed. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(cellOf).join(',')}\n`;
}

function cellOf(text: string | null): string {
  if (text === null) return '';
  // COPY takes a line of \\. for the end of the data.
  return text === '' || text === '\\.' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
