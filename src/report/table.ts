import Table from 'cli-table3';

// Two spaces between columns and no frame: it survives a narrow terminal, a mail, and no colour.
const gap = 2;

/** Rows below their titles; a cell may have several lines and colours. As wide as needed, and not wider than `width`. */
export function drawTable(
  head: readonly string[],
  rows: readonly string[][],
  { width, bold }: { width: number; bold: (text: string) => string },
): string {
  const longest = (separator: RegExp): number[] =>
    head.map((title, column) =>
      Math.max(
        ...[title, ...rows.map((row) => row[column] ?? '')]
          .flatMap((cell) => plain(cell).split(separator))
          .map((part) => part.length),
      ),
    );
  const widths = shrink(longest(/\n/), longest(/\s/), width - 1 - gap * head.length);
  const table = new Table({
    head: head.map((title) => bold(title)),
    colWidths: widths.map((each) => each + gap),
    wordWrap: true,
    wrapOnWordBoundary: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  });
  table.push(...rows);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Takes from the widest column until the table fits; from words, which are then cut, only where nothing else is left. */
function shrink(wanted: readonly number[], words: readonly number[], available: number): number[] {
  const widths = [...wanted];
  const smallest = 9;
  for (const floors of [words, words.map(() => 0)]) {
    const spare = (column: number): boolean => (widths[column] ?? 0) > Math.max(smallest, floors[column] ?? 0);
    while (widths.reduce((sum, each) => sum + each, 0) > available) {
      const widest = Math.max(...widths.filter((_, column) => spare(column)));
      const column = widths.findIndex((each, index) => each === widest && spare(index));
      if (column < 0) break;
      widths[column] = widest - 1;
    }
  }
  return widths;
}

// eslint-disable-next-line no-control-regex -- the escape sequences of colours
const colorCode = /\u001b\[\d+m/g;
/** Without colours. */
export const plain = (text: string): string => text.replace(colorCode, '');
