import * as auditmanager from '@aws-sdk/client-auditmanager';
import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as detective from '@aws-sdk/client-detective';
import * as ec2 from '@aws-sdk/client-ec2';
import * as fms from '@aws-sdk/client-fms';
import * as guardduty from '@aws-sdk/client-guardduty';
import * as iam from '@aws-sdk/client-iam';
import * as inspector2 from '@aws-sdk/client-inspector2';
import * as macie2 from '@aws-sdk/client-macie2';
import * as organizations from '@aws-sdk/client-organizations';
import * as securityhub from '@aws-sdk/client-securityhub';
import { describe, expect, it } from 'vitest';
import { iamActionOf, serviceNamed, services, type DelegationService } from '../../src/catalog/index.js';
import { groupsThatFit, managedPolicyLimit, managerPolicy, sizeOf, type Policy } from '../../src/cli/manager_policy.js';
import { run } from '../support/cli.js';

const delegable = services.filter(({ isDelegationSupported }) => isDelegationSupported === true);

function chosen(...ids: string[]): DelegationService[] {
  return ids.flatMap((id) => serviceNamed(id) ?? []);
}

function actionsOf({ Statement }: Policy): string[] {
  return Statement.flatMap(({ Action }) => Action);
}

function statement(policy: Policy, sid: string): Policy['Statement'][number] | undefined {
  return policy.Statement.find(({ Sid }) => Sid === sid);
}

describe('the policy of the managers', () => {
  const policy = managerPolicy(delegable);

  it.each(delegable.map((service) => [service.id, service] as const))('has what %s takes', (_id, service) => {
    const actions = actionsOf(policy);
    for (const action of [service.registerAction, service.deregisterAction, service.listAdminAction]) {
      if (action !== null) expect(actions).toContain(iamActionOf(action));
    }
    const principals = statement(policy, 'RegisterWithOrganizations')?.Condition?.StringEquals;
    expect(principals?.['organizations:ServicePrincipal']).toEqual(
      expect.arrayContaining([...service.servicePrincipals]),
    );
  });

  it('has all of it for each service alone, too', () => {
    for (const service of delegable) {
      const actions = actionsOf(managerPolicy([service]));
      expect(actions, service.id).toEqual(expect.arrayContaining([service.registerAction, service.deregisterAction]));
      expect(actions, service.id).toContain('organizations:ListDelegatedAdministrators');
    }
  });

  it('names operations that there are', () => {
    const clients: Record<string, object> = {
      ...{
        auditmanager,
        cloudtrail,
        detective,
        ec2,
        fms,
        guardduty,
        iam,
        inspector2,
        macie2,
        organizations,
        securityhub,
      },
    };
    const operationOf = new Map(services.map(({ listAdminAction: name }) => [name && iamActionOf(name), name]));
    // Their clients are no part of this package; botocore 1.44.5 has the operations.
    const unchecked = new Set<string>();
    for (const action of actionsOf(policy)) {
      const [prefix = '', name = ''] = (operationOf.get(action) ?? action).split(':');
      const client = clients[prefix];
      if (client) expect(Object.keys(client), action).toContain(`${name}Command`);
      else unchecked.add(prefix);
    }
    expect([...unchecked].sort()).toEqual(['network-security-manager', 'securitylake']);
  });

  it('lets nothing happen with a service or a role that it does not name', () => {
    for (const { Sid, Action, Resource, Condition } of policy.Statement) {
      for (const action of Action) expect(action, Sid).toMatch(/^[a-z0-9-]+:[A-Z][A-Za-z]+$/);
      const isGuarded = Condition !== undefined;
      expect(isGuarded, Sid).toBe(Sid === 'RegisterWithOrganizations' || Sid === 'CreateServiceLinkedRoles');
      if (Action.includes('organizations:TagResource'))
        expect(Resource).toBe('arn:*:organizations::*:resourcepolicy/*');
      expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
    }
    expect(statement(policy, 'CreateServiceLinkedRoles')?.Condition?.StringEquals).toEqual({
      'iam:AWSServiceName': [
        'cloudtrail.amazonaws.com',
        'context.cloudtrail.amazonaws.com',
        'ipam.amazonaws.com',
        'securitylake.amazonaws.com',
      ],
    });
  });

  it('has no statement without a use for the services chosen', () => {
    const sids = (...ids: string[]): string[] => managerPolicy(chosen(...ids)).Statement.map(({ Sid }) => Sid);
    expect(sids('backup')).toEqual(['Read', 'RegisterWithOrganizations']);
    expect(sids('guardduty')).toEqual(['Read', 'RegisterWithOrganizations', 'RegisterWithServices']);
    expect(sids('organizations-delegation-policy')).toEqual(['Read', 'WriteDelegationPolicy', 'TagDelegationPolicy']);
    expect(sids('ipam')).toEqual([
      ...['Read', 'RegisterWithOrganizations', 'RegisterWithServices'],
      ...['CreateServiceLinkedRoles', 'ReadServiceLinkedRoles'],
    ]);
    expect(actionsOf(managerPolicy(chosen('iam-root-access')))).toContain('iam:EnableOrganizationsRootSessions');
    expect(actionsOf(managerPolicy(chosen('guardduty')))).not.toContain('iam:EnableOrganizationsRootSessions');
  });

  it('fits a managed policy', () => {
    expect(managedPolicyLimit).toBe(6144);
    expect(sizeOf(policy)).toBeLessThanOrEqual(managedPolicyLimit);
    expect(sizeOf(policy)).toBe(JSON.stringify(policy, null, 2).replace(/\s/g, '').length);
    expect(groupsThatFit(delegable)).toEqual([delegable]);
  });

  it('can be split into parts that fit, which leave nothing out', () => {
    const groups = groupsThatFit(delegable, 2048);
    expect(groups.length).toBeGreaterThan(1);
    expect(groups.flat()).toEqual(delegable);
    for (const group of groups) expect(sizeOf(managerPolicy(group))).toBeLessThanOrEqual(2048);
    expect(groupsThatFit(delegable, 10)).toHaveLength(delegable.length);
  });
});

describe('iam-policy --for manager', () => {
  const printed = (...args: string[]) => run(['iam-policy', '--for', ...args]);

  it('prints the policy, and nothing else, to stdout', async () => {
    const { code, stdout, stderr } = await printed('manager');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(managerPolicy(delegable));
    expect(stderr.trim()).toBe('For every service that can be delegated, in the management account:');
  });

  it('narrows it to the services named', async () => {
    const { code, stdout, stderr } = await printed('manager', '--service', 'guardduty', 'ipam');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(managerPolicy(chosen('guardduty', 'ipam')));
    expect(stderr).toContain('Amazon GuardDuty, Amazon VPC IP Address Manager (IPAM)');
  });

  it.each([
    [['manager', '--service', 'guard-duty'], /no such service\. It has guardduty, /],
    [['manager', '--service', 'control-tower'], /AWS Control Tower cannot be delegated/],
    [['manager', '--service', 'cloudwatch-omni'], /no source says how/],
    [['manager', 'spec.yml'], /takes no spec/],
    [['reader', '--service', 'guardduty'], /--service goes with --for manager/],
    [['auditor'], /Allowed choices are reader, delegate, manager/],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await printed(...args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
