/** `<name>…</name>`: text, a structure, or a list whose entries are called `item`. Nothing for undefined and null. */
export function element(name: string, value: unknown, item: string): string {
  if (value === undefined || value === null) return '';
  return `<${name}>${content(value, item)}</${name}>`;
}

function content(value: unknown, item: string): string {
  if (Array.isArray(value)) return value.map((entry: unknown) => element(item, entry, item)).join('');
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([member, inner]) => element(member, inner, item))
      .join('');
  }
  return escape(String(value));
}

export function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
