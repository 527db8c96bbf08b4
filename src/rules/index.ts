export { currentLayerSql, currentViewName, type CurrentColumn, type CurrentTable } from './current_layer.js';
export { RulesError } from './errors.js';
export { parseRule, severities, type Rule, type Severity } from './header.js';
export { loadHeld, loadSources, type HeldDelegation, type HeldDelegations, type OpenQuestion } from './held.js';
export { installSql, installViews, packVersion, pieces, uninstallSql, uninstallViews } from './install.js';
export { loadReportInput, type Delegation, type Organization, type ReportInput } from './load.js';
export {
  exitCodeOf,
  rawStatuses,
  unknownCauses,
  type ExitCodeOptions,
  type RawStatus,
  type RuleResult,
  type Status,
  type UnknownCause,
} from './results.js';
export { loadRules, runRules, type Run, type RunOptions } from './run.js';
