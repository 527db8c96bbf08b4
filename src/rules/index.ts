export { currentLayerSql, currentViewName, type CurrentColumn, type CurrentTable } from './current_layer.js';
export {
  changeKinds,
  exitCodeOfDrift,
  gapsOf,
  loadDrift,
  turnOf,
  type Change,
  type ChangeKind,
  type Drift,
  type Gap,
  type KeptHistory,
  type UnreadQuestion,
} from './drift.js';
export { RulesError } from './errors.js';
export {
  controlsOf,
  frameworkNamed,
  frameworks,
  rulesOf,
  unknownControls,
  type Control,
  type ControlRules,
  type Framework,
} from './frameworks.js';
export { loadRules, parseRule, severities, type Rule, type Severity } from './header.js';
export {
  loadHeld,
  loadSources,
  type HeldDelegation,
  type HeldDelegations,
  type MadeChange,
  type OpenQuestion,
} from './held.js';
export {
  areViewsOfThisVersion,
  installSql,
  installViews,
  lockViews,
  packVersion,
  pieces,
  uninstallSql,
  uninstallViews,
} from './install.js';
export { loadReportInput, type Delegation, type Organization, type ReportInput } from './load.js';
export { loadPage, type PageRow, type PageRows, type PageSet } from './page.js';
export { fillRemediation, placeholders, unknownPlaceholders, type RemediationService } from './remediation.js';
export {
  exitCodeOf,
  rawStatuses,
  unknownCauses,
  type ExitCodeOptions,
  type RawStatus,
  type RuleResult,
  type Status,
  type UnknownCause,
  type WaiverState,
} from './results.js';
export { judge, runRules, type Run, type RunOptions } from './run.js';
export { settingsForManyAccounts } from './settings.js';
