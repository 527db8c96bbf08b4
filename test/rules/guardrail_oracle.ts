// "Effectively denied" once more, written from the rule and not from the SQL: slow, for one account and action at a time, and by trying
// example ARNs and principals. test/rules/guardrails.test.ts compares the two on generated policies.

type Json = string | readonly string[];

interface Statement {
  Effect: 'Allow' | 'Deny';
  Action?: Json;
  NotAction?: Json;
  Resource?: Json;
  NotResource?: Json;
  Condition?: Record<string, Record<string, Json>>;
}

interface Document {
  Version: string;
  Statement: Statement | Statement[];
}

export interface Generated {
  /** Paths by names, parents first. */
  readonly units: readonly string[];
  readonly accounts: readonly { readonly id: string; readonly unit: string }[];
  readonly policies: ReadonlyMap<string, Document>;
  /** By unit path ('/' is the root) or account. */
  readonly attached: ReadonlyMap<string, readonly string[]>;
}

/** Example resources of an action; null for an action that has none. */
const examples: Readonly<Record<string, { service: string; resource: string } | null>> = {
  'organizations:LeaveOrganization': null,
  'cloudtrail:StopLogging': { service: 'cloudtrail', resource: 'trail/' },
  'cloudtrail:DeleteTrail': { service: 'cloudtrail', resource: 'trail/' },
  'cloudtrail:UpdateTrail': { service: 'cloudtrail', resource: 'trail/' },
  'config:StopConfigurationRecorder': { service: 'config', resource: 'configuration-recorder/' },
  'config:DeleteConfigurationRecorder': { service: 'config', resource: 'configuration-recorder/' },
  'guardduty:DeleteDetector': { service: 'guardduty', resource: 'detector/' },
  'guardduty:UpdateDetector': { service: 'guardduty', resource: 'detector/' },
  'access-analyzer:DeleteAnalyzer': { service: 'access-analyzer', resource: 'analyzer/' },
  'detective:DeleteGraph': { service: 'detective', resource: 'graph:' },
  'detective:DisassociateMembership': { service: 'detective', resource: 'graph:' },
  'securitylake:DeleteDataLake': { service: 'securitylake', resource: 'data-lake/' },
  'securitylake:UpdateDataLake': { service: 'securitylake', resource: 'data-lake/' },
  'securitylake:DeleteDataLakeOrganizationConfiguration': { service: 'securitylake', resource: 'data-lake/' },
};

export const controls: ReadonlySet<string> = new Set([
  'leave_organization',
  'cloudtrail',
  'organization_trail',
  'config',
  'guardduty',
  'securityhub',
  'macie',
  'access-analyzer',
  'detective',
  'inspector',
  'audit-manager',
  'security-lake',
]);

/** The control that is asked for alone: is everything denied outside these? */
export const allowedRegions: readonly string[] = ['eu-central-1', 'us-east-1'];

const organizationTrail = 'arn:aws:cloudtrail:eu-central-1:111111111111:trail/organization';

function list(value: Json | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function matches(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*')) {
    const rest = pattern.slice(1);
    return Array.from({ length: text.length + 1 }, (_, skipped) => skipped).some((skipped) =>
      matches(rest, text.slice(skipped)),
    );
  }
  return (
    text !== '' &&
    (pattern.startsWith('?') || text.startsWith(pattern.charAt(0))) &&
    matches(pattern.slice(1), text.slice(1))
  );
}

function concerns({ Action, NotAction }: Statement, action: string): boolean {
  const some = (patterns: Json): boolean =>
    list(patterns).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  return Action === undefined ? NotAction !== undefined && !some(NotAction) : some(Action);
}

/** The same for a Region guardrail: it has to be about everything, but for what a NotAction lists. */
function concernsAll({ Action, NotAction }: Statement): boolean {
  const some = (patterns: Json): boolean => list(patterns).some((pattern) => /^\*+(:\*+)?$/.test(pattern));
  return Action === undefined ? NotAction !== undefined && !some(NotAction) : some(Action);
}

/** A NotAction leaves single services free, and only because the Region is what is asked. */
function leavesServicesFree({ NotAction, Condition }: Statement): boolean {
  if (NotAction === undefined) return false;
  const asksRegion = Object.values(Condition ?? {}).some((keys) =>
    Object.keys(keys).some((key) => key.toLowerCase() === 'aws:requestedregion'),
  );
  return !asksRegion || list(NotAction).some((pattern) => /[*?]/.test(pattern.split(':')[0] ?? ''));
}

function covers({ Resource }: Statement, control: string, action: string): boolean {
  const patterns = list(Resource);
  const example = examples[action];
  if (control === 'organization_trail') return patterns.some((pattern) => matches(pattern, organizationTrail));
  if (!example) return patterns.some((pattern) => /^\*+$/.test(pattern));
  const name = example.service === 'securitylake' ? ['default'] : ['a', '0123456789abcdef', 'Some-Name'];
  const all = ['eu-central-1', 'us-gov-west-1', 'ap-southeast-4'].flatMap((region) =>
    ['310000000000', '999999999999', '000000000001'].flatMap((account) =>
      name.map((each) => `arn:aws:${example.service}:${region}:${account}:${example.resource}${each}`),
    ),
  );
  return patterns.some((pattern) => all.every((resource) => matches(pattern, resource)));
}

type Effect = 'always' | 'never' | 'sometimes';

/** One operator on one key: does the Deny hold for the account's principals? */
function holds(
  written: string,
  key: string,
  expected: readonly string[],
  account: { id: string; path: string },
  isAboutRegions: boolean,
): Effect {
  const [, qualifier, operator = ''] = /^(ForAllValues:|ForAnyValue:)?(.*?)(?:IfExists)?$/.exec(written) ?? [];
  const constant = {
    'aws:principalaccount': account.id,
    'aws:principalorgid': 'o-example',
    'aws:principalorgpaths': `o-example/${account.path}/`,
  }[key.toLowerCase()];
  if (constant !== undefined) {
    const fits: Record<string, (value: string) => boolean> = {
      StringEquals: (value) => value === constant,
      StringEqualsIgnoreCase: (value) => value.toLowerCase() === constant.toLowerCase(),
      StringLike: (value) => matches(value, constant),
      // Whether the key is missing, and it never is.
      Null: (value) => value === 'false',
    };
    const fit = fits[operator.replace('Not', '')];
    if (!fit || expected.some((value) => value.includes('${'))) return 'sometimes';
    return expected.some(fit) !== operator.includes('Not') ? 'always' : 'never';
  }
  if (isAboutRegions && key.toLowerCase() === 'aws:requestedregion') {
    const asks = ['StringNotEquals', 'StringNotLike', 'StringNotEqualsIgnoreCase'].includes(operator);
    const isWithin = expected.every((value) => allowedRegions.includes(value.toLowerCase()));
    return asks && qualifier === undefined && isWithin ? 'always' : 'sometimes';
  }
  const isExemption = ['ArnNotEquals', 'ArnNotLike', 'StringNotEquals', 'StringNotLike'].includes(operator);
  if (!isExemption || qualifier !== undefined) return 'sometimes';
  if (key.toLowerCase() === 'aws:assumedroot')
    return expected.every((value) => value === 'true') ? 'always' : 'sometimes';
  if (key.toLowerCase() !== 'aws:principalarn') return 'sometimes';
  const fits = (value: string, principal: string): boolean =>
    operator === 'StringNotEquals' ? value === principal : matches(value, principal);
  const everybody = ['iam role', 'iam user', 'sts federated-user'].map((group) => {
    const [service = '', kind = ''] = group.split(' ');
    return ['0123456789', 'OrganizationAccountAccessRole', 'zzzzzzzzzzzzzzz'].map(
      (name) => `arn:aws:${service}::${account.id}:${kind}/${name}`,
    );
  });
  const groups = [[`arn:aws:iam::${account.id}:root`], ...everybody];
  const isWide = expected.some((value) => {
    const filled = value.replaceAll('${aws:PrincipalAccount}', account.id);
    return filled.includes('${') || groups.some((group) => group.every((principal) => fits(filled, principal)));
  });
  return isWide ? 'sometimes' : 'always';
}

/** What the rule says of a member: whole, partial or none. */
export function denialOf(given: Generated, id: string, control: string, action: string): string {
  const account = given.accounts.find((each) => each.id === id);
  if (!account) throw new Error(`no account ${id}`);
  const units = account.unit.split('/').filter((name) => name !== '');
  const levels = ['/', ...units.map((_, index) => `/${units.slice(0, index + 1).join('/')}`), id];
  const path = [
    'r-root',
    ...levels.slice(1, -1).map((unit) => `ou-root${unit.replaceAll('/', '-').toLowerCase()}`),
  ].join('/');
  const isAboutRegions = control === 'allowed_regions';
  let found = 'none';
  for (const level of levels) {
    const statements = (given.attached.get(level) ?? []).flatMap((policy) =>
      [given.policies.get(policy)?.Statement ?? []].flat(),
    );
    const concerned = statements.filter((statement) =>
      isAboutRegions ? concernsAll(statement) : concerns(statement, action),
    );
    if (!isAboutRegions && !concerned.some(({ Effect }) => Effect === 'Allow')) return 'whole';
    for (const statement of concerned.filter(({ Effect }) => Effect === 'Deny')) {
      const held = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, value]) => holds(operator, key, list(value), { id, path }, isAboutRegions)),
      );
      if (held.includes('never')) continue;
      const isFree = isAboutRegions && leavesServicesFree(statement);
      if (!held.includes('sometimes') && !isFree && covers(statement, control, action)) return 'whole';
      found = 'partial';
    }
  }
  return found;
}

export const accounts = 120;

/** Some hundreds of policies and who they hang on, the same for the same seed; with `regions` many of them are about Regions. */
export function randomOrganization(seed: number, { regions = false } = {}): Generated {
  let state = seed;
  const random = (): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(random() * limit);
  const chance = (of: number): boolean => random() < of;
  const pick = <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value;
  const some = <Value>(values: readonly Value[], most: number): Value[] =>
    Array.from({ length: 1 + below(most) }, () => pick(values));
  const oneOrList = (values: readonly string[]): Json =>
    values.length === 1 && chance(0.5) ? (values[0] ?? '') : values;
  const anyCase = (text: string): string =>
    chance(0.2) ? text.toUpperCase() : chance(0.2) ? text.toLowerCase() : text;

  const units = ['/A', '/A/B', '/A/B/C', '/D', '/D/E'];
  const members = Array.from({ length: accounts }, (_, index) => ({
    id: String(310000000000 + index * 7),
    unit: pick(['/', ...units]),
  }));
  const one = (): string => pick(members).id;

  const actions = [
    '*', 'organizations:*', 'organizations:Leave?rganization', 'cloudtrail:*', 'cloudtrail:StopLogging', 'cloudtrail:*Trail', 'config:Delete*',
    'config:StopConfigurationRecorder', 'guardduty:*', 'guardduty:*Detector', 'guardduty:DisassociateFrom*', 'securityhub:D*', 'macie:*', 'macie2:*',
    'access-analyzer:DeleteAnalyzer', 'detective:*', 'inspector2:Disable', 'inspector:*', 'auditmanager:*', 'securitylake:*DataLake*', 's3:*', 'iam_x:%',
  ]; // prettier-ignore
  const resources = (): string =>
    pick([
      'arn:aws:s3:::bucket', 'arn:*:guardduty:*:*:*', 'arn:aws:guardduty:*:*:detector/*', 'arn:aws:guardduty:eu-*:*:detector/*', 'arn:aws:cloudtrail:*:*:trail/*',
      'arn:aws:cloudtrail:*:*:trail/?*', 'arn:aws:cloudtrail:*:111111111111:trail/*', organizationTrail, 'arn:aws:cloudtrail:*:*:trail/org*', 'arn:aws-cn:cloudtrail:*:*:*',
      `arn:aws:detective:*:${one()}:*`, 'arn:aws:detective:*', 'arn:aws:securitylake:*:*:data-lake/default', 'arn:aws:config:*:*:config-rule/*', 'arn:aws:config:*:????????????:*',
    ]); // prettier-ignore
  const principal = (): string => {
    const name = pick([
      'role/Admin',
      'role/Admin*',
      'role/*',
      'role/?*',
      'user/*',
      'user/Break',
      'root',
      '*',
      'role/aws-reserved/*',
      'role/${aws:PrincipalTag/x}',
    ]);
    const account = pick(['*', '*', '*', one(), '31*', '9*', '${aws:PrincipalAccount}']);
    return chance(0.05) ? '*' : `arn:aws:iam::${account}:${chance(0.6) ? 'role/Admin' : name}`;
  };
  const condition = (): readonly [string, string, Json] =>
    pick<() => readonly [string, string, Json]>([
      () => [pick(['ArnNotLike', 'StringNotLike', 'ArnNotEquals', 'StringNotEquals', 'ArnNotLikeIfExists', 'ArnLike', 'ForAnyValue:ArnNotLike']), 'aws:PrincipalArn', oneOrList(some([0], 3).map(principal))],
      () => [pick(['ArnNotLike', 'StringNotLikeIfExists']), 'aws:PrincipalArn', oneOrList(some([0], 2).map(principal))],
      () => ['StringNotEquals', 'aws:AssumedRoot', pick<Json>(['true', 'false', ['true']])],
      () => [pick(['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'NumericEquals']), 'aws:PrincipalAccount', oneOrList([...Array.from({ length: 1 + below(40) }, one), pick(['31*', '999999999999', '3?00000000*'])])],
      () => [pick(['StringEquals', 'StringNotEqualsIfExists', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike']), 'aws:PrincipalOrgID', pick(['o-example', 'O-EXAMPLE', 'o-*', 'o-other', '${aws:ResourceOrgID}'])],
      () => [pick(['ForAnyValue:StringLike', 'ForAnyValue:StringNotLike', 'ForAllValues:StringNotLike', 'StringEquals']), 'aws:PrincipalOrgPaths', oneOrList(some(['o-example/r-root/*', 'o-example/*/ou-root-a-b/*', 'o-example/r-root/ou-root-d/', 'o-example/r-root/', 'o-other/*'], 2))],
      () => ['Null', 'aws:PrincipalOrgID', pick(['true', 'false'])],
      () => [pick(['StringNotEquals', 'StringEqualsIfExists']), 'aws:RequestedRegion', ['eu-central-1']],
    ])(); // prettier-ignore

  const statement = (Effect: 'Allow' | 'Deny'): Statement => {
    const named = oneOrList(some(actions, 4).map(anyCase));
    const made: Statement = { Effect, ...(chance(0.15) ? { NotAction: named } : { Action: named }) };
    if (chance(0.05)) made.NotResource = resources();
    else made.Resource = oneOrList(chance(0.7) ? ['*'] : some([0], 3).map(() => (chance(0.1) ? '**' : resources())));
    if (chance(0.6)) {
      made.Condition = {};
      for (const [operator, key, value] of some([0], 2).map(condition))
        made.Condition[operator] = { [anyCase(key)]: value };
    }
    return made;
  };

  const regional = (): Statement => {
    const made = statement('Deny');
    if (chance(0.5)) {
      delete made.NotAction;
      made.Action = pick<Json>(['*', ['s3:*', '*'], '**', '*:*', 'ec2:*']);
    } else if (made.NotAction === undefined) {
      delete made.Action;
      made.NotAction = oneOrList(some(['iam:*', 'sts:*', 'organizations:*', 'support:Describe*', '*', '*:Get*'], 3));
    }
    const operator = pick([
      'StringNotEquals', 'StringNotEquals', 'StringNotLike', 'StringNotEqualsIgnoreCaseIfExists', 'StringEquals', 'ForAnyValue:StringNotEquals', 'StringNotLikeIfExists',
    ]); // prettier-ignore
    const value = oneOrList(
      some(['eu-central-1', 'us-east-1', 'eu-central-1', 'EU-Central-1', 'eu-*', 'ap-east-1'], 2),
    );
    if (chance(0.85)) made.Condition = { ...made.Condition, [operator]: { [anyCase('aws:RequestedRegion')]: value } };
    return made;
  };

  const policies = new Map<string, Document>([
    ['p-FullAWSAccess', { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
  ]);
  const attached = new Map<string, string[]>();
  for (const target of ['/', ...units, ...members.map(({ id }) => id)]) {
    const hung = Array.from({ length: target.startsWith('/') ? 1 : 1 + below(3) }, () => {
      const id = `p-${String(policies.size).padStart(4, '0')}`;
      // Above, a policy binds many: one that denies everything would leave nothing to see below.
      const kind = target.startsWith('/')
        ? () => narrow(statement('Deny'))
        : regions
          ? regional
          : () => statement(chance(0.1) ? 'Allow' : 'Deny');
      const statements = some([0], 3).map(kind);
      policies.set(id, {
        Version: '2012-10-17',
        Statement: statements.length === 1 && statements[0] && chance(0.3) ? statements[0] : statements,
      });
      return id;
    });
    const hasAll = target.startsWith('/') || chance(0.9);
    if (!hasAll) {
      const id = `p-allow-${target}`;
      policies.set(id, { Version: '2012-10-17', Statement: statement('Allow') });
      hung.push(id);
    }
    attached.set(target, hasAll ? ['p-FullAWSAccess', ...hung] : hung);
  }
  return { units, accounts: members, policies, attached };

  function narrow({ Effect, Resource, NotResource, Condition }: Statement): Statement {
    const Action = some(actions.slice(1), 2).map(anyCase);
    return {
      Effect,
      Action,
      ...(NotResource === undefined ? { Resource: Resource ?? '*' } : { NotResource }),
      ...(Condition && { Condition }),
    };
  }
}
