// What moves a cursor, changes colours or turns the reading direction of what comes after it, and what cannot be written at all.
// Names of OUs, texts of policies and what stands in a spec may have any of it.

// A carriage return alone would let what follows it overwrite the line.
const controls =
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\r(?!\n)|\p{Surrogate}/gu;

/** With a visible character in place of each that a terminal would obey; lines stay lines. */
export function visible(text: string): string {
  return text.replace(controls, '\ufffd');
}

/** The same on one line, which nothing in the text can break. */
export function oneLine(text: string): string {
  return visible(text).replace(/[\t\n\r]/g, '\ufffd');
}
