import { BaseSequencer, type TestSpecification } from 'vitest/node';

// More than a minute each. One that begins last would run alone, with a processor that has nothing to do.
const slowest = [
  'containers/containers',
  'rules/cases',
  'rules/every_rule',
  'package/pack',
  'faults/verdicts',
  'faults/matrix',
  'cli/check_spec',
  'torture/kills',
  'cli/faults',
  'cli/modes',
  'dashboards/superset',
  'security/roles',
  'security/secrets',
  'rules/views',
  'sync/permissions',
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
