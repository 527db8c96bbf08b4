import { regionsOf } from './regions.js';
import type { Scenario } from './scenario.js';

/** Where a thing of the scenario is: one Region, or with `*` every Region that is on. */
export interface Place {
  readonly region: string;
  readonly except_regions: readonly string[];
}

export function isIn({ region, except_regions: except }: Place, asked: string): boolean {
  return (region === '*' || region === asked) && !except.includes(asked);
}

export function isOn(scenario: Scenario, name: string): boolean {
  return regionsThatAreOn(scenario).includes(name);
}

/** In the order of AWS. */
export function regionsThatAreOn({ partition, opted_in_regions: optedIn }: Scenario): string[] {
  return regionsOf(partition)
    .filter(({ name, optIn }) => !optIn || optedIn.includes(name))
    .map(({ name }) => name);
}

/** What is set for a Region; `*` is every Region that is not named, and the scenario's schema sees to it that it is there. */
export function settingsIn<Settings>(byRegion: Readonly<Record<string, Settings>>, region: string): Settings {
  const settings = byRegion[region] ?? byRegion['*'];
  if (settings === undefined) throw new Error(`nothing is set for ${region}, nor for *`);
  return settings;
}
