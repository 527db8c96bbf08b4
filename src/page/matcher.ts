/** Each word has to be in the text, whatever its case and in any order. */
export function matcher(query: string): (...texts: readonly (string | null | undefined)[]) => boolean {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (...texts) => {
    const text = texts.join('\n').toLowerCase();
    return words.length > 0 && words.every((word) => text.includes(word));
  };
}
