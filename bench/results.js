// A part's results: `{ measured, rounds, results, lists }`, as in the machine-readable file. One of its results is
//   { what, count, of, unit, ours, beside, ratio, target }
// `count` and `of` are how much of what ("50,000 rows"); `ours` and `beside` are numbers of `unit` (s, bytes, rows/s,
// requests), `beside` null where nothing stands beside; `ratio` is ours by beside; `target` is
// `{ of: 'ratio' or 'ours', atMost or atLeast: number }`, or null. A list is a table of its own: `{ head, rows }`.

export function result({ what, count = null, of = null, unit, ours, beside = null, target = null }) {
  const ratio = beside === null ? null : ours / beside;
  return { what, count, of, unit, ours, beside, ratio, target };
}

export const head = ['what', 'of', 'ours', 'beside', 'ratio', 'target'];

export function cells({ what, count, of, unit, ours, beside, ratio, target }) {
  return [
    what,
    count === null ? '' : `${count.toLocaleString('en')} ${of}`,
    amount(ours, unit),
    beside === null ? '' : amount(beside, unit),
    ratio === null ? '' : ratio.toFixed(2),
    target === null ? '' : wanted({ unit, ours, ratio, target }),
  ];
}

export function isMet({ ours, ratio, target }) {
  if (target === null) return true;
  const value = target.of === 'ratio' ? ratio : ours;
  return target.atMost === undefined ? value >= target.atLeast : value <= target.atMost;
}

function wanted({ unit, ours, ratio, target }) {
  const [bound, limit] = target.atMost === undefined ? ['at least', target.atLeast] : ['at most', target.atMost];
  const text = `${bound} ${target.of === 'ratio' ? limit : `${limit} ${unit}`}`;
  return isMet({ ours, ratio, target }) ? text : `${text}: missed`;
}

export function amount(number, unit) {
  if (unit === 's') return `${number.toFixed(2)} s`;
  if (unit === 'bytes' && number < 1e7) return `${(number / 1e6).toFixed(1)} MB`;
  if (unit === 'bytes') return `${Math.round(number / 1e6).toLocaleString('en')} MB`;
  return `${Math.round(number).toLocaleString('en')} ${unit}`;
}

export function median(numbers) {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
