// PostgreSQL stores no NUL in text or jsonb, and no half of a surrogate pair in jsonb. As the official destination does,
// the first is left out and the second becomes U+FFFD; every other byte stays.

const replacement = '\\ufffd';
const escapes = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u([\da-fA-F]{4})|\\[^u]/g;

export function withoutNul(bytes: Uint8Array): Uint8Array {
  return bytes.includes(0) ? bytes.filter((byte) => byte !== 0) : bytes;
}

/** Works on the JSON text, so that numbers keep their digits and keys their order. */
export function storableJson(json: string): string {
  if (!json.includes('\\u')) return json;
  return json.replace(escapes, (match: string, single: string | undefined) => {
    if (single === undefined) return match;
    if (single === '0000') return '';
    return /^d[89a-f]/i.test(single) ? replacement : match;
  });
}
