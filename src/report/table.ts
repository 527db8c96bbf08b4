import Table from 'cli-table3';

/** Lines of a cell; each is wrapped before it is painted. */
export type Cell = readonly { readonly text: string; readonly paint?: (line: string) => string }[];

// Two spaces between columns and no frame: it survives a narrow terminal, a mail, and no colour.
const gap = 2;
const frame = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
];

/** Rows of cells, the titles first. As wide as needed, and not wider than `width`, down to what `smallest` says. */
export function drawTable(
  rows: readonly Cell[][],
  { width, smallest }: { width: number; smallest: readonly number[] },
): string {
  const columns = rows[0]?.length ?? 0;
  const wanted = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.flatMap((row) => row[column] ?? []).map(({ text }) => text.length)),
  );
  const widths = shrink(wanted, smallest, width - gap * (columns - 1));
  const table = new Table({
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    chars: Object.fromEntries(frame.map((place) => [place, ''])),
  });
  for (const row of rows) {
    table.push(
      row.map((cell, column) =>
        cell
          .map(({ text, paint }) => wrap(cut(text, widths[column] ?? 0), widths[column] ?? 0, '', '', paint))
          .join('\n'),
      ),
    );
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Puts a space into words that no line can hold. */
function cut(text: string, width: number): string {
  return text.replace(new RegExp(`\\S{${width}}(?=\\S)`, 'gu'), '$& ');
}

/** Takes from the widest column until the table fits. */
function shrink(wanted: readonly number[], smallest: readonly number[], available: number): number[] {
  const widths = [...wanted];
  const spare = (column: number): number => (widths[column] ?? 0) - (smallest[column] ?? 0);
  while (widths.reduce((sum, each) => sum + each, 0) > available) {
    const [widest = 0] = [...widths.keys()]
      .filter((column) => spare(column) > 0)
      .sort((left, right) => (widths[right] ?? 0) - (widths[left] ?? 0));
    if (spare(widest) <= 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

// eslint-disable-next-line no-control-regex -- the escape sequences of colours
const colorCode = /\u001b\[\d+m/g;
/** Without colours. */
export const plain = (text: string): string => text.replace(colorCode, '');

/** Lines of at most `width`, broken between words; each is painted by itself, so that a colour ends with its line. */
export function wrap(
  text: string,
  width: number,
  first: string,
  next: string,
  paint: (line: string) => string = (line) => line,
): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const indent = plain(lines.length === 0 ? first : next).length;
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.map((each, index) => `${index === 0 ? first : next}${paint(each)}`).join('\n');
}
