/** Numbers of the accounts in `[first, how many, ...]`. */
export function fromRuns(runs: readonly number[]): number[] {
  const numbers: number[] = [];
  for (let place = 0; place < runs.length; place += 2) {
    const first = runs[place] ?? 0;
    for (let step = 0; step < (runs[place + 1] ?? 0); step++) numbers.push(first + step);
  }
  return numbers;
}

export function inRuns(runs: readonly number[], number: number): boolean {
  for (let place = 0; place < runs.length; place += 2) {
    const first = runs[place] ?? 0;
    if (number >= first && number < first + (runs[place + 1] ?? 0)) return true;
  }
  return false;
}

export const lengthOfRuns = (runs: readonly number[]): number =>
  runs.reduce((sum, value, place) => (place % 2 === 1 ? sum + value : sum), 0);
