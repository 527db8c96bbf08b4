import { markdownText } from '../../report/characters.js';
import type { Summary } from './summary.js';

/** For the auditor, who has neither the database nor this program. */
export function readmeOf({ program, pack, basis, sources, rules, verdicts, notices }: Summary): string {
  const counts = Object.entries(verdicts)
    .map(([status, count]) => `${count} ${status.replace('_', ' ')}`)
    .join(', ');
  return `# Evidence: who holds which power in an AWS organization

Written by ${program.name} ${program.version}; views and rules of version ${pack.installed}. ${rules} rules: ${counts}.

${sources
  .map(
    ({ source_name, organization_id, sync_time, reads }) =>
      `- Organization ${markdownText(organization_id ?? '(not known)')}, source ${markdownText(source_name ?? '(none)')}, synced ${sync_time ?? 'at an unknown time'}. Reads: ${
        Object.entries(reads)
          .map(([outcome, count]) => `${count} ${markdownText(outcome)}`)
          .join(', ') || 'none'
      }.`,
  )
  .join('\n')}

${
  basis === 'kept'
    ? 'The verdicts are those that the newest `aws-delegation check` has kept in the database.'
    : 'The verdicts were worked out when the bundle was taken: the database has kept none.'
} When that was stands in \`run.json\`.
${notices.length === 0 ? '' : `\n## To be known before relying on it\n\n${notices.map((notice) => `- ${markdownText(notice)}`).join('\n')}\n`}
## What is in it

| file | what |
| --- | --- |
| \`bundle.json\` | versions, sources, times of the syncs, how their reads ended, counts |
| \`rules/ID/rule.sql\` | the query that judged; its head says why, how it decides and what an unknown means |
| \`rules/ID/rule.json\` | the same for a program; \`stands_on\`: the files of \`queries/\` below it, \`rows\`: the files with the rows that it judged |
| \`rules/ID/verdicts.csv\` | what it said of each thing: \`status\` after waivers, \`raw_status\` before, \`reason\`, \`waiver\` |
| \`queries/\` | the views and functions under the rules |
| \`tables/\` | what AWS answered: the rows of the newest sync |
| \`intents/\` | what the spec says: owners, expectations, approvals, waivers, settings |
| \`coverage.csv\` | each read of the sync, and how it ended; what was not read is \`unknown\` and never \`pass\` |
| \`delegations.csv\` | who holds what, by which method, where |
| \`load.sql\` | puts the rows into an empty PostgreSQL, and the rules on them |
| \`MANIFEST\` | SHA-256 of each of these files |
| \`DIGEST\` | SHA-256 of \`MANIFEST\`, which stands for the whole |
| \`run.json\` | when the bundle was taken and judged, and by which Node.js and PostgreSQL: in neither of the two, because it differs from one bundle of the same data to the next |

The CSV is PostgreSQL's: an empty cell is null, \`""\` is an empty text. Names are as AWS has them, so import the columns of a file as text: a
spreadsheet that opens it with a click takes a cell that begins with = for a formula.

## To verify

\`\`\`sh
sha256sum -c DIGEST && sha256sum -c MANIFEST
aws-delegation evidence --verify .   # the same, and tells of files that do not belong here
\`\`\`

Both say that the files belong together. That nobody has written all of them anew, only a digest tells that was kept elsewhere, or signed, when
the bundle was taken.

## To judge again

With PostgreSQL 15 or newer, in this folder:

\`\`\`sh
createdb evidence
psql -d evidence -f load.sql
psql -d evidence -c "select * from delegation.rule_delegations_approved"    # any rule, before waivers
psql -d evidence -c "select check_id, status, count(*) from delegation.judge(null) group by 1, 2 order by 1, 2"
\`\`\`

A text with a line of \`\\.\` alone is loaded by psql 18 and newer; an older one stops there with an error.

The rules read nothing but these tables, and the clock in three places: \`sync_is_fresh\` tells the age of the sync, \`delegation_reviewed\` compares with today,
and a waiver ends on its day. On the same rows \`aws-delegation evidence -o FOLDER\` gives the same
digest; only these can change it, as time goes by and the rules are run again.
`;
}
