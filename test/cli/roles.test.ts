import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseHcl } from '@cdktn/hcl2json';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { cloudFormationTemplate } from '../../src/cli/cloudformation.js';
import { managedPolicyLimit, sizeOf, type Policy } from '../../src/cli/manager_policy.js';
import { delegatePolicy, delegateRole, inlinePolicyLimit, readerPolicy, readerRole } from '../../src/cli/roles.js';
import { terraformRole, terraformStackSet } from '../../src/cli/terraform.js';
import type { RequiredActions } from '../../src/sync/index.js';
import { run, type Ended } from '../support/cli.js';
import { neededFor, type Options } from '../support/source.js';

const shipped = fileURLToPath(new URL('../../docs/roles', import.meta.url));
const needed = (options: Options = {}): RequiredActions => neededFor({ url: 'http://localhost:1' }, options);
const everything = needed();
const withRole = needed({ spec: { delegated_admin_role_name: 'audit/OrgAudit', account_tags: true } });
const readers = 'arn:*:iam::*:role/audit/OrgAudit';

const actionsOf = ({ Statement }: Policy): string[] => Statement.flatMap(({ Action }) => Action).sort();

describe('the policies', () => {
  it('have the actions that are needed, each once', () => {
    for (const actions of [everything, withRole]) {
      expect(actionsOf(readerPolicy(actions))).toEqual(actions.reader);
      expect(actionsOf(delegatePolicy(actions))).toEqual(actions.delegate);
    }
  });

  it('let the reader assume the role that the spec names, and no other', () => {
    const assume = readerPolicy(withRole).Statement.filter(({ Action }) => Action.includes('sts:AssumeRole'));
    expect(assume).toEqual([
      { Sid: 'AwsDelegationAssumeRole', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: readers },
    ]);
    expect(actionsOf(readerPolicy(everything))).not.toContain('sts:AssumeRole');
  });

  it('have IDs of letters and digits, and no other resource or condition', () => {
    for (const { Statement } of [readerPolicy(withRole), delegatePolicy(withRole)]) {
      for (const { Sid, Resource, ...statement } of Statement) {
        expect(Sid).toMatch(/^AwsDelegation[A-Za-z0-9]+$/);
        expect(['*', readers]).toContain(Resource);
        expect(Object.keys(statement).sort()).toEqual(['Action', 'Effect']);
      }
      expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
    }
  });

  it('fit into the inline policies of a role with the longest of names, and alone into a managed one', () => {
    const longest = needed({
      spec: { account_tags: true, delegated_admin_role_name: `${'p'.repeat(400)}/${'n'.repeat(64)}` },
    });
    expect([inlinePolicyLimit, managedPolicyLimit]).toEqual([10_240, 6144]);
    for (const policy of [readerPolicy(longest), delegatePolicy(longest)]) {
      expect(sizeOf(policy)).toBe(JSON.stringify(policy, null, 2).replace(/\s/g, '').length);
      expect(sizeOf(policy)).toBeLessThanOrEqual(managedPolicyLimit);
    }
  });
});

interface Template {
  Description: string;
  Parameters: Record<string, { Default?: string; AllowedPattern: string }>;
  Conditions: Record<string, unknown>;
  Resources: {
    Role: {
      Type: string;
      Properties: Record<string, unknown> & { AssumeRolePolicyDocument: unknown; Policies: unknown[] };
    };
  };
}

const yes = (text: string): Template => parseYaml(text, { version: '1.1' }) as Template;
const reader = (actions: RequiredActions): string => cloudFormationTemplate(readerRole(actions));
const delegate = (actions: RequiredActions): string => cloudFormationTemplate(delegateRole(actions));

/** `arn:...:role/x/y`: what a parameter lets through, as CloudFormation matches it, from one end to the other. */
const lets = (template: Template, parameter: string, value: string): boolean =>
  new RegExp(`^(?:${template.Parameters[parameter]?.AllowedPattern ?? 'no such parameter'})$`).test(value);

describe('the roles as CloudFormation', () => {
  it.each([
    ['the reader', reader, 'PrincipalArn', 'aws-delegation-reader', '/', '/'],
    ['the delegates', delegate, 'ReaderRoleArn', 'OrgAudit', '/', '/audit/'],
  ])('%s: one role, trusted by whom a parameter names', (_who, write, principal, name, path, pathOfSpec) => {
    const template = yes(write(everything));
    expect(Object.keys(template.Resources)).toEqual(['Role']);
    expect(template.Resources.Role.Type).toBe('AWS::IAM::Role');
    expect(template.Resources.Role.Properties).toMatchObject({
      RoleName: { Ref: 'RoleName' },
      Path: { Ref: 'RolePath' },
    });
    expect(template.Resources.Role.Properties.AssumeRolePolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { AWS: { Ref: principal } },
          Condition: {
            'Fn::If': [
              'HasExternalId',
              { StringEquals: { 'sts:ExternalId': { Ref: 'ExternalId' } } },
              { Ref: 'AWS::NoValue' },
            ],
          },
        },
      ],
    });
    expect(template.Conditions['HasExternalId']).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ExternalId' }, ''] }],
    });
    // Whoever may assume it is never chosen for anybody.
    expect(template.Parameters[principal]).not.toHaveProperty('Default');
    expect(template.Parameters['ExternalId']?.Default).toBe('');
    expect(template.Parameters['RoleName']?.Default).toBe(name);
    expect(template.Parameters['RolePath']?.Default).toBe(path);
    expect(yes(write(withRole)).Parameters['RolePath']?.Default).toBe(pathOfSpec);
  });

  it('the reader: has the policy of iam-policy, and assumes the role of a parameter, where it is given', () => {
    for (const [actions, fallback] of [
      [everything, ''],
      [withRole, 'audit/OrgAudit'],
    ] as const) {
      const template = yes(reader(actions));
      const [own, assume, ...more] = template.Resources.Role.Properties.Policies;
      expect(more).toEqual([]);
      const statements = readerPolicy(actions).Statement.filter(({ Resource }) => Resource === '*');
      expect(own).toEqual({
        PolicyName: 'aws-delegation-reader',
        PolicyDocument: { Version: '2012-10-17', Statement: statements },
      });
      expect(assume).toEqual({
        'Fn::If': [
          'HasDelegatedAdminRoleName',
          {
            PolicyName: 'aws-delegation-assume-role',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Sid: 'AwsDelegationAssumeRole',
                  Effect: 'Allow',
                  Action: ['sts:AssumeRole'],
                  Resource: { 'Fn::Sub': 'arn:*:iam::*:role/${DelegatedAdminRoleName}' },
                },
              ],
            },
          },
          { Ref: 'AWS::NoValue' },
        ],
      });
      expect(template.Parameters['DelegatedAdminRoleName']?.Default).toBe(fallback);
    }
  });

  it('the reader of tables that no delegate is asked for assumes nothing', () => {
    const template = yes(reader(needed({ tables: ['aws_organizations_accounts'] })));
    expect(template.Resources.Role.Properties.Policies).toHaveLength(1);
    expect(Object.keys(template.Parameters)).toEqual(['PrincipalArn', 'ExternalId', 'RoleName', 'RolePath']);
  });

  it('the delegates: have the policy of iam-policy', () => {
    expect(yes(delegate(everything)).Resources.Role.Properties.Policies).toEqual([
      { PolicyName: 'aws-delegation-delegate', PolicyDocument: delegatePolicy(everything) },
    ]);
    expect(yes(delegate(withRole)).Parameters['RoleName']?.Default).toBe('OrgAudit');
  });

  it.each([
    ['PrincipalArn', 'arn:aws:iam::111122223333:role/ci', true],
    ['PrincipalArn', 'arn:aws-us-gov:iam::111122223333:user/teams/ci', true],
    [
      'PrincipalArn',
      'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Audit_0a1b',
      true,
    ],
    ['PrincipalArn', 'arn:aws-cn:iam::111122223333:root', true],
    ['PrincipalArn', '*', false],
    ['PrincipalArn', '', false],
    ['PrincipalArn', '111122223333', false],
    ['PrincipalArn', 'arn:aws:iam::*:role/ci', false],
    ['PrincipalArn', 'arn:aws:iam::111122223333:role/*', false],
    ['PrincipalArn', 'arn:aws:iam::111122223333:role/', false],
    ['PrincipalArn', 'arn:aws:iam::111122223333:group/ci', false],
    ['ExternalId', '', true],
    ['ExternalId', 'audit-2026', true],
    ['ExternalId', 'a', false],
    ['ExternalId', 'a b', false],
    ['RoleName', 'OrgAudit', true],
    ['RoleName', 'audit/OrgAudit', false],
    ['RoleName', '', false],
    ['RoleName', 'r'.repeat(65), false],
    ['RolePath', '/', true],
    ['RolePath', '/audit/org/', true],
    ['RolePath', 'audit/', false],
    ['RolePath', '/audit', false],
    ['DelegatedAdminRoleName', '', true],
    ['DelegatedAdminRoleName', 'OrgAudit', true],
    ['DelegatedAdminRoleName', 'audit/OrgAudit', true],
    ['DelegatedAdminRoleName', '*', false],
    ['DelegatedAdminRoleName', 'audit/', false],
    ['DelegatedAdminRoleName', 'arn:aws:iam::111122223333:role/OrgAudit', false],
  ])('%s %j: %s', (parameter, value, isRight) => {
    expect(lets(yes(reader(everything)), parameter, value)).toBe(isRight);
  });

  it('has texts where YAML 1.1 would see a date', () => {
    for (const text of [reader(everything), delegate(everything)]) {
      expect(text).toMatch(/^AWSTemplateFormatVersion: ["']2010-09-09["']$/m);
      expect(text.match(/Version: .*/g)?.every((line) => /["']\d{4}-\d\d-\d\d["']$/.test(line))).toBe(true);
    }
  });

  it('is small enough to be sent with the request', () => {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    for (const text of [reader(withRole), delegate(withRole)]) expect(Buffer.byteLength(text)).toBeLessThan(51_200);
  });
});

type Block = Record<string, unknown>;
interface Hcl {
  variable: Record<string, { default?: string; validation: { condition: string }[] }[]>;
  data: { aws_iam_policy_document: Record<string, { statement: Block[]; dynamic: Record<string, Block[]> }[]> };
  resource: Record<string, Record<string, Block[]>>;
}

const hcl = async (text: string): Promise<Hcl> => (await parseHcl('roles.tf', text)) as Hcl;

describe('the roles as Terraform', () => {
  it('the reader: has the policy of iam-policy, and assumes the role of a variable, where it is given', async () => {
    for (const [actions, fallback] of [
      [everything, ''],
      [withRole, 'audit/OrgAudit'],
    ] as const) {
      const { data, variable, resource } = await hcl(terraformRole(readerRole(actions)));
      const [permissions] = data.aws_iam_policy_document['permissions'] ?? [];
      expect(permissions?.statement).toEqual(
        readerPolicy(actions)
          .Statement.filter(({ Resource }) => Resource === '*')
          .map(({ Sid, Action }) => ({ sid: Sid, actions: Action, resources: ['*'] })),
      );
      expect(permissions?.dynamic).toEqual({
        statement: [
          {
            for_each: '${var.delegated_admin_role_name == "" ? [] : [var.delegated_admin_role_name]}',
            content: [
              {
                sid: 'AwsDelegationAssumeRole',
                actions: ['sts:AssumeRole'],
                resources: ['arn:*:iam::*:role/${statement.value}'],
              },
            ],
          },
        ],
      });
      expect(variable['delegated_admin_role_name']?.[0]?.default).toBe(fallback);
      expect(Object.keys(resource).sort()).toEqual(['aws_iam_role', 'aws_iam_role_policy']);
      expect(resource['aws_iam_role']?.['this']?.[0]).toMatchObject({
        name: '${var.role_name}',
        path: '${var.role_path}',
        assume_role_policy: '${data.aws_iam_policy_document.trust.json}',
      });
      expect(resource['aws_iam_role_policy']?.['this']?.[0]).toMatchObject({
        role: '${aws_iam_role.this.id}',
        policy: '${data.aws_iam_policy_document.permissions.json}',
      });
    }
  });

  it('the reader: is trusted by whom a variable names, with the external ID where there is one', async () => {
    const { data } = await hcl(terraformRole(readerRole(everything)));
    expect(data.aws_iam_policy_document['trust']).toEqual([
      {
        statement: [
          {
            actions: ['sts:AssumeRole'],
            principals: [{ type: 'AWS', identifiers: ['${var.principal_arn}'] }],
            dynamic: {
              condition: [
                {
                  for_each: '${var.external_id == "" ? [] : [var.external_id]}',
                  content: [{ test: 'StringEquals', variable: 'sts:ExternalId', values: ['${condition.value}'] }],
                },
              ],
            },
          },
        ],
      },
    ]);
  });

  it('the delegates: a StackSet with the template of CloudFormation, into the accounts that are named only', async () => {
    for (const actions of [everything, withRole]) {
      const { resource } = await hcl(terraformStackSet(delegateRole(actions)));
      expect(Object.keys(resource).sort()).toEqual([
        'aws_cloudformation_stack_instances',
        'aws_cloudformation_stack_set',
      ]);
      const [set] = resource['aws_cloudformation_stack_set']?.['this'] ?? [];
      const template = yes(delegate(actions));
      expect(yes(String(set?.['template_body']))).toEqual(template);
      expect(set).toMatchObject({
        permission_model: 'SERVICE_MANAGED',
        call_as: '${var.call_as}',
        capabilities: ['CAPABILITY_NAMED_IAM'],
        auto_deployment: [{ enabled: false }],
      });
      expect(Object.keys(set?.['parameters'] as Block).sort()).toEqual(Object.keys(template.Parameters).sort());
      expect(resource['aws_cloudformation_stack_instances']?.['this']).toEqual([
        {
          stack_set_name: '${aws_cloudformation_stack_set.this.name}',
          call_as: '${var.call_as}',
          deployment_targets: [
            {
              account_filter_type: 'INTERSECTION',
              accounts: '${var.account_ids}',
              organizational_unit_ids: '${var.organizational_unit_ids}',
            },
          ],
        },
      ]);
    }
  });

  it('both: the variables are the parameters of CloudFormation, with their defaults and patterns', async () => {
    for (const [text, template] of [
      [terraformRole(readerRole(withRole)), yes(reader(withRole))],
      [terraformStackSet(delegateRole(withRole)), yes(delegate(withRole))],
    ] as const) {
      const { variable } = await hcl(text);
      for (const [name, parameter] of Object.entries(template.Parameters)) {
        const own = name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
        const [found] = variable[own] ?? [];
        expect(found?.default, own).toBe(parameter.Default);
        expect(found?.validation[0]?.condition, own).toBe(
          `\${can(regex(${JSON.stringify(parameter.AllowedPattern)}, var.${own}))}`,
        );
      }
      for (const [own, [found]] of Object.entries(variable)) expect(found?.validation, own).toHaveLength(1);
    }
  });

  it('writes what would be a template of HCL as the text that it is', async () => {
    const role = { ...delegateRole(everything), description: 'a "${b}" \\ %{ c }' };
    const { resource } = await hcl(terraformStackSet(role));
    const [set] = resource['aws_cloudformation_stack_set']?.['this'] ?? [];
    // The parser gives a text back as it stands between the quotes, so that a template can be told from it.
    expect(set?.['description']).toBe('a "$${b}" \\ %%{ c }');
    expect(String(set?.['template_body'])).toContain('$${b}');
  });

  it.each([
    ['a bracket that nobody closes', (text: string) => text.replace('resources = ["*"]', 'resources = ["*"')],
    ['a block that nobody closes', (text: string) => text.replace(/\}\n$/, '\n')],
    ['a quote too many', (text: string) => text.replace('"sts:AssumeRole"', '"sts:AssumeRole""')],
    [
      'two attributes on a line',
      (text: string) => text.replace('type        = string', 'type = string nullable = false'),
    ],
  ])('the parser refuses %s', async (_name, broken) => {
    const text = terraformRole(readerRole(everything));
    expect(broken(text)).not.toBe(text);
    await expect(hcl(broken(text))).rejects.toThrow(/roles\.tf:\d+/);
  });
});

describe('iam-policy, for those who read', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'roles-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const printed = (...args: string[]): Promise<Ended> => run(['iam-policy', '--for', ...args], { cwd: folder });
  const spec = (tables: string, source = '{}'): string => {
    const path = join(folder, 'spec.yml');
    writeFileSync(
      path,
      `kind: source\nspec: {name: test, registry: local, path: bin/aws-delegation, tables: ${tables}, destinations: [postgresql], spec: ${source}}\n---\nkind: destination\nspec: {name: postgresql, path: cloudquery/postgresql, registry: cloudquery, version: v8.16.0}\n`,
    );
    return path;
  };

  it.each([
    ['reader', 'cloudformation', 'reader.cloudformation.yml'],
    ['reader', 'terraform', 'reader.tf'],
    ['delegate', 'cloudformation', 'delegate.cloudformation.yml'],
    ['delegate', 'terraform', 'delegate.tf'],
  ])('--for %s --format %s prints %s of docs/roles, where there is no spec', async (who, format, file) => {
    const { code, stdout } = await printed(who, '--format', format);
    expect(code).toBe(0);
    expect(existsSync(join(shipped, file))).toBe(true);
    expect(stdout).toBe(readFileSync(join(shipped, file), 'utf8'));
  });

  it('--for delegate prints the policy, and says that nobody assumes such a role yet', async () => {
    const { code, stdout, stderr } = await printed('delegate');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(delegatePolicy(everything));
    expect(stderr).toContain('For every table, with the default settings, in each account that administers a service:');
    expect(stderr).toContain('`delegated_admin_role_name: OrgAudit`');
    expect((await printed('delegate', '--format', 'json')).stdout).toBe(stdout);
  });

  it('takes the tables and the role of a spec', async () => {
    const path = spec(
      "['aws_macie2_*']",
      '{delegated_admin_role_name: audit/OrgAudit, delegated_admin_external_id: hunter2}',
    );
    const delegates = await printed('delegate', path);
    expect(delegates).toMatchObject({ code: 0 });
    expect(delegates.stderr.trim()).toBe(`For what ${path} chooses, in each account that administers a service:`);
    expect(actionsOf(JSON.parse(delegates.stdout) as Policy)).toEqual(['macie2:DescribeOrganizationConfiguration']);
    const { stdout } = await printed('reader', path);
    expect((JSON.parse(stdout) as Policy).Statement.at(-1)).toMatchObject({
      Action: ['sts:AssumeRole'],
      Resource: 'arn:*:iam::*:role/audit/OrgAudit',
    });
    for (const format of ['cloudformation', 'terraform']) {
      for (const who of ['reader', 'delegate']) {
        const { code, stdout: text, stderr } = await printed(who, path, '--format', format);
        expect(code).toBe(0);
        expect(text).toContain(who === 'reader' ? 'audit/OrgAudit' : '/audit/');
        expect(text + stderr).not.toContain('hunter2');
      }
    }
  });

  it.each<[string[], RegExp]>([
    [['delegate', '--service', 'guardduty'], /--service goes with --for manager: what the delegate needs/],
    [['delegate', 'missing.yml'], /missing\.yml/],
    [['manager', '--format', 'terraform'], /--format goes with --for reader and --for delegate/],
    [['reader', '--format', 'yaml'], /Allowed choices are json, cloudformation, terraform/],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await printed(...args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('refuses a role in the delegates for a spec that reads nothing there', async () => {
    const { code, stdout, stderr } = await printed('delegate', spec("['aws_organizations_accounts']"));
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('none of its tables is read there');
  });
});
