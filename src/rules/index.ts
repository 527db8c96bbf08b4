export { currentLayerSql, currentViewName, type CurrentTable } from './current_layer.js';
export {
  exitCodeOfDrift,
  gapsOf,
  turnOf,
  type Change,
  type ChangeKind,
  type Drift,
  type KeptHistory,
} from './drift.js';
export { RulesError } from './errors.js';
export { controlsOf, frameworkNamed, frameworks, rulesOf, unknownControls, type Framework } from './frameworks.js';
export { loadRules, parseRule, severities, type Rule, type Severity } from './header.js';
export {
  loadHeld,
  loadSources,
  type HeldDelegation,
  type HeldDelegations,
  type MadeChange,
  type OpenQuestion,
} from './held.js';
export { areViewsOfThisVersion, installViews, uninstallViews } from './install.js';
export { installSql } from './install_sql.js';
export { loadReportInput, type Delegation, type Organization, type ReportInput } from './load.js';
export { loadDrift } from './load_drift.js';
export { pieces } from './pack.js';
export { loadPage, type PageRow, type PageRows, type PageSet } from './page.js';
export { fillRemediation, unknownPlaceholders, type RemediationService } from './remediation.js';
export {
  exitCodeOf,
  rawStatuses,
  unknownCauses,
  type ExitCodeOptions,
  type RuleResult,
  type Status,
  type UnknownCause,
  type WaiverState,
} from './results.js';
export { judge, runRules, type Run } from './run.js';
export { settingsForManyAccounts } from './settings.js';
export { uninstallSql } from './uninstall_sql.js';
export { lockViews } from './view_locks.js';
