import { visible } from '../text/index.js';

export { visible };

// https://www.w3.org/TR/xml/#charsets: what XML 1.0 cannot have in any spelling, lone surrogates among it.
// eslint-disable-next-line no-control-regex -- these are what is looked for
const notXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const xmlNames: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// Line breaks, because an attribute would lose them; and what a terminal would obey.
const spelledOut = /[\t\n\r\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Between tags, and between double quotes. */
export function xmlText(text: string): string {
  return text
    .replace(notXml, '')
    .replace(/[&<>"]/g, (character) => xmlNames[character] ?? character)
    .replace(spelledOut, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * As itself in Markdown, on one line. Code between single backticks stays code; nothing else of the text has a meaning, a
 * mention of a person or a team neither.
 */
export function markdownText(text: string): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  return line
    .split(/((?<![`\\])`[^`]+`(?!`))/)
    .map((part, index) => (index % 2 === 1 ? part : escapeMarkdown(part)))
    .join('')
    .replace(/^(?=[-+](\s|$))/, '\\') // would begin a list
    .replace(/^(\d+)(?=[.)](\s|$))/, '$1\\');
}

function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|!~&]/g, (character) =>
      character === '<' ? '&lt;' : character === '>' ? '&gt;' : character === '&' ? '&amp;' : `\\${character}`,
    )
    .replace(/(?<![\p{L}\p{N}])@(?=[\p{L}\p{N}])/gu, '@<!-- -->');
}

/** JSON.stringify leaves some characters as they are that a terminal would obey; an escape is the same to a reader. */
export function jsonText(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
