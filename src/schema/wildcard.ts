export interface WildcardOptions {
  /** Whether `?` stands for one character, as in a policy. */
  readonly hasOne?: boolean;
  readonly ignoreCase?: boolean;
}

/**
 * True where `pattern`, in which `*` stands for any text, is the whole of `text`. In steps of the product of the lengths: as
 * a regular expression, a pattern of thirty stars would not come to an end.
 */
export function matchesWildcard(pattern: string, text: string, options: WildcardOptions = {}): boolean {
  const { hasOne = false, ignoreCase = false } = options;
  const [wanted, given] = ignoreCase ? [pattern.toLowerCase(), text.toLowerCase()] : [pattern, text];
  let place = 0;
  let star = -1;
  let startOfStar = 0;
  for (let index = 0; index < given.length;) {
    if (wanted[place] === '*') {
      star = place++;
      startOfStar = index;
    } else if (place < wanted.length && (wanted[place] === given[index] || (hasOne && wanted[place] === '?'))) {
      place++;
      index++;
    } else if (star >= 0) {
      // The last star takes one character more; what the stars before it took need not be tried again.
      place = star + 1;
      index = ++startOfStar;
    } else {
      return false;
    }
  }
  while (wanted[place] === '*') place++;
  return place === wanted.length;
}
