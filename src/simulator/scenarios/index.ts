import { readScenarioFile, ScenarioError, type Scenario } from '../scenario.js';
import { badDayScenario } from './bad_day.js';
import { demoScenario } from './demo.js';
import { healthyScenario } from './healthy.js';
import { largeScenario } from './large.js';
import { consolidatedBillingScenario, minimalScenario, standaloneScenario } from './small.js';

const BUILT_IN: Readonly<Record<string, (accounts?: number) => Scenario>> = {
  demo: demoScenario,
  healthy: healthyScenario,
  minimal: minimalScenario,
  standalone: standaloneScenario,
  consolidated_billing: consolidatedBillingScenario,
  large: largeScenario,
  bad_day: badDayScenario,
};

export const scenarios: readonly string[] = Object.keys(BUILT_IN);

/** One of `scenarios`, or a YAML or JSON file; a file is what has a slash or an ending. */
export function loadScenario(nameOrFile: string, { accounts }: { accounts?: number | undefined } = {}): Scenario {
  if (Object.hasOwn(BUILT_IN, nameOrFile)) return BUILT_IN[nameOrFile]?.(accounts) ?? demoScenario();
  if (/[/\\]|\.(ya?ml|json)$/.test(nameOrFile)) return readScenarioFile(nameOrFile);
  throw new ScenarioError(
    `Loading the scenario ${nameOrFile}: there is none of that name. Take one of ${scenarios.join(', ')}, or a file ending in .yml, .yaml or .json.`,
  );
}

export { demoScenario, largeScenario };
