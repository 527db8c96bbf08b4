import { Parser } from 'yaml';

/** Levels of lists and maps; ours have five. */
const deepest = 100;

/** To come before the parser, which goes a level of its stack deeper for each of the text: where that ends, V8 may end the process. */
export function isTooDeep(text: string): boolean {
  for (const document of new Parser().parse(text)) {
    const open = [{ token: document, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { token, depth } = next;
      if (depth > deepest) return true;
      const items = 'items' in token ? token.items.flatMap(({ key, value }) => [key, value]) : [];
      const within = token.type === 'document' ? [token.value] : items;
      for (const each of within) if (each) open.push({ token: each, depth: depth + 1 });
    }
  }
  return false;
}
