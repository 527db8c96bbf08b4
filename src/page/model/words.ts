/** The first letter as a sentence has it. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

/** Of what may not be known. */
export function countText(count: number | null): string {
  return count === null ? 'not known' : numberText(count);
}

export function numberText(count: number): string {
  return count.toLocaleString('en-US');
}
