// Names have less; and the steps are the product of the lengths.
const longest = 200;

/** How many single characters have to be added, removed or replaced to get from one text to the other; Infinity for a text that can be no name. */
export function editDistance(from: string, to: string): number {
  if (from.length > longest || to.length > longest) return Infinity;
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const substituted = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
