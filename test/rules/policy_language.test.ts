import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { close, here, organization, type Organization } from './database.js';

interface Case {
  name: string;
  deny?: object | object[];
  allow?: object | object[];
  document?: string;
  alone?: boolean;
  is: 'denied' | 'open' | 'unknown';
  because?: string;
}

const cases = (parse(readFileSync(join(here, 'policy_language.yml'), 'utf8')) as Case[]).map((each, index) => ({
  ...each,
  account: String(300000000000 + index),
}));

const denials = { denied: ['whole'], open: ['partial', 'none'], unknown: ['unknown'] } as const;

function text({ deny = [], allow = [], document, account }: (typeof cases)[number]): string {
  const statements = [
    ...[deny].flat().map((statement) => ({ Effect: 'Deny', ...statement })),
    ...[allow].flat().map((statement) => ({ Effect: 'Allow', ...statement })),
  ];
  return (document ?? JSON.stringify({ Version: '2012-10-17', Statement: statements })).replaceAll(
    '{account}',
    account,
  );
}

describe('effectively denied', () => {
  let given: Organization;
  let verdicts: Map<string, { denial: string; reason: string }>;

  beforeAll(async () => {
    given = await organization(`select fixture.organization(); select fixture.ou('/Lab');`, { finish: false });
    for (const [index, each] of cases.entries()) {
      await given.client.query(`select fixture.account($1, $2, '/Lab')`, [each.account, each.name]);
      // A text that is no JSON has no content, as the sync leaves it.
      await given.client.query('select fixture.scp($1, $2, $3)', [`p-${index}`, 'none', [each.account]]);
      const content = contentOf(text(each));
      await given.client.query('update aws_organizations_policies set content_text = $2, content = $3 where id = $1', [
        `p-${index}`,
        text(each),
        content,
      ]);
      if (each.alone) {
        await given.client.query(
          `delete from aws_organizations_policy_targets where policy_id = 'p-FullAWSAccess' and target_id = $1`,
          [each.account],
        );
      }
    }
    await given.client.query('select fixture.finish()');
    const { rows } = await given.client.query<{ account_id: string; denial: string; reason: string }>(
      `select account_id, denial, reason from delegation.guardrail_verdicts('leave_organization')`,
    );
    verdicts = new Map(rows.map((row) => [row.account_id, row]));
  });

  afterAll(() => close(given));

  test.each(cases)('$name', ({ account, is, because }) => {
    const verdict = verdicts.get(account);
    expect(denials[is], verdict?.reason).toContain(verdict?.denial);
    if (because !== undefined) expect(verdict?.reason).toContain(because);
  });
});

function contentOf(document: string): string | null {
  try {
    return JSON.stringify(JSON.parse(document));
  } catch {
    return null;
  }
}
