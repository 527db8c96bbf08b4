import { isUtf8 } from 'node:buffer';

/**
 * The text of a file, without the mark at its beginning that Windows writes: a parser takes that for a column of the first line.
 *
 * @param refuse makes what is thrown where it is not UTF-8, from the line of the first byte that is none.
 */
export function textOfUtf8(bytes: Buffer, refuse: (line: number) => Error): string {
  if (!isUtf8(bytes)) throw refuse(lineOfBadByte(bytes));
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

function lineOfBadByte(bytes: Buffer): number {
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf('\n', start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}
