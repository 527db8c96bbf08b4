import { BaseSequencer, type TestSpecification } from 'vitest/node';

// More than a minute each. One that begins last would run alone, with a processor that has nothing to do.
const slowest = [
  'rules/every_rule',
  'containers/containers',
  'cli/check_spec',
  'sync/permissions',
  'faults/verdicts',
  'faults/matrix',
  'rules/cases',
  'dashboards/superset',
  'cli/faults',
  'cli/approvals',
  'package/pack',
  'cli/modes',
  'security/roles',
  'security/secrets',
  'torture/kills',
];

/** The files that take long begin first. Without times of an earlier run Vitest takes the size of a file for its length. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification): number => {
      const found = slowest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return found === -1 ? slowest.length : found;
    };
    return sorted.toSorted((left, right) => place(left) - place(right));
  }
}
