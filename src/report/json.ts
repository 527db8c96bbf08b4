import { controlsOf, type ReportInput } from '../rules/index.js';
import { jsonText } from './characters.js';
import { allOf, countsOf, rulesIn } from './summary.js';

/** One JSON document, indented, with all of the input and the counts. Member names stay from version to version. */
export function jsonReport(input: ReportInput): string {
  const { organizations, delegations, results, waivers, framework, executionTime, packVersion } = input;
  const all = allOf(input);
  const { byStatus, unknownByCause } = countsOf(all);
  const rules = rulesIn(all);
  const report = {
    executionTime: executionTime.toISOString(),
    packVersion,
    organizations,
    // Of everything that was judged, whatever --only shows.
    counts: { ...byStatus, unknownByCause },
    ...(framework && {
      framework: {
        id: framework.id,
        title: framework.title,
        source: framework.source,
        controls: controlsOf(framework, rules).map(({ control, rules: answering }) => ({
          ...control,
          counts: countsOf(all.filter(({ rule }) => answering.includes(rule))).byStatus,
          checkIds: answering.map(({ id }) => id),
        })),
      },
    }),
    delegations,
    rules: rules.map(({ id, title, severity, frameworks, why, decides, unknown, source }) => ({
      checkId: id,
      title,
      severity,
      frameworks,
      why,
      decides,
      unknown,
      source,
    })),
    results: results.map(({ rule, ...result }) => ({
      checkId: rule.id,
      title: rule.title,
      severity: rule.severity,
      frameworks: rule.frameworks,
      ...result,
      source: rule.source,
    })),
    waivers,
  };
  return `${jsonText(report)}\n`;
}
