import { describe, expect, it } from 'vitest';

import {
  commandsIn,
  isKnownRegion,
  isServiceInRegion,
  partitions,
  regionNamed,
  serviceNamed,
  services,
  servicesOfPrincipal,
  type DelegationService,
} from '../../src/catalog/index.js';

function service(id: string): DelegationService {
  const found = serviceNamed(id);
  if (found === undefined) throw new Error(`the catalogue has no service ${id}`);
  return found;
}

const ids = (list: readonly DelegationService[]) => list.map(({ id }) => id).sort();

describe('the catalogue', () => {
  it('has 59 entries: 45 that can be delegated, 11 that cannot, 3 open', () => {
    const supported = (wanted: boolean | null) => services.filter((entry) => entry.isDelegationSupported === wanted);
    expect(services).toHaveLength(59);
    expect([supported(true).length, supported(false).length, supported(null).length]).toEqual([45, 11, 3]);
  });

  it('gives each entry an id, a name, and a source of its own', () => {
    expect(new Set(services.map(({ id }) => id)).size).toBe(services.length);
    expect(new Set(services.map(({ name }) => name)).size).toBe(services.length);
    for (const entry of services) {
      expect(entry.id, entry.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(entry.sources.length, entry.id).toBeGreaterThan(0);
    }
  });

  it('writes principals as Organizations does, each once per service', () => {
    for (const { id, servicePrincipals } of services) {
      expect(new Set(servicePrincipals).size, id).toBe(servicePrincipals.length);
      for (const principal of servicePrincipals) {
        expect(principal, id).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*\.)+(amazonaws|amazon)\.com$/);
      }
    }
  });

  it('shares a principal only where AWS does: both Security Hubs', () => {
    const principals = new Set(services.flatMap(({ servicePrincipals }) => servicePrincipals));
    const shared = [...principals].filter((principal) => servicesOfPrincipal(principal).length > 1);
    expect(shared).toEqual(['securityhub.amazonaws.com']);
    expect(ids(servicesOfPrincipal('securityhub.amazonaws.com'))).toEqual(['security-hub', 'security-hub-cspm']);
    expect(servicesOfPrincipal('new-thing.amazonaws.com')).toEqual([]);
  });

  it('names the roles that Organizations alone does not make', () => {
    const roles = services.filter((entry) => entry.serviceLinkedRoles.length > 0);
    expect(Object.fromEntries(roles.map(({ id, serviceLinkedRoles }) => [id, serviceLinkedRoles]))).toEqual({
      'security-lake': ['AWSServiceRoleForSecurityLake'],
      cloudtrail: ['AWSServiceRoleForCloudTrail'],
      ipam: ['AWSServiceRoleForIPAM'],
      'eks-dashboard': ['AWSServiceRoleForAmazonEKSDashboard'],
      'private-marketplace': ['AWSServiceRoleForPrivateMarketplaceAdmin'],
    });
  });

  it('names the calls of whatever can be delegated, and of nothing else', () => {
    for (const entry of services) {
      const isDelegable = entry.isDelegationSupported === true;
      expect(entry.methods.length > 0, entry.id).toBe(isDelegable);
      expect(entry.registerAction !== null, entry.id).toBe(isDelegable);
      expect(entry.deregisterAction !== null, entry.id).toBe(isDelegable);
      for (const action of [entry.registerAction, entry.deregisterAction, entry.listAdminAction]) {
        if (action !== null) expect(action, entry.id).toMatch(/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/);
      }
      const needsPrincipal = entry.methods.includes('organizations') || entry.methods.includes('service');
      if (needsPrincipal) expect(entry.servicePrincipals.length, entry.id).toBeGreaterThan(0);
      // A service that has no call of its own cannot have an administrator per Region.
      if (entry.isRegional === true) expect(entry.methods, entry.id).toContain('service');
    }
  });

  it('has an administrator table only where one is read, for a service that has a list call', () => {
    const withTable = services.filter(({ adminTableName }) => adminTableName !== null);
    expect(withTable.map(({ id, adminTableName }) => [id, adminTableName])).toEqual([
      ['guardduty', 'aws_guardduty_organization_admin_accounts'],
      ['security-hub-cspm', 'aws_securityhub_organization_admin_accounts'],
      ['security-hub', 'aws_securityhub_organization_admin_accounts'],
      ['macie', 'aws_macie2_organization_admin_accounts'],
      ['inspector', 'aws_inspector2_organization_admin_accounts'],
      ['detective', 'aws_detective_organization_admin_accounts'],
      ['audit-manager', 'aws_auditmanager_organization_admin_accounts'],
      ['firewall-manager', 'aws_fms_organization_admin_accounts'],
    ]);
    for (const entry of withTable) expect(entry.listAdminAction, entry.id).not.toBeNull();
    const withScope = services.filter(({ adminReadScope }) => adminReadScope !== '');
    expect(withScope.map(({ id, adminReadScope }) => [id, adminReadScope])).toEqual([
      ['security-hub', 'SecurityHubV2'],
    ]);
  });

  it('recommends infosec for a security service, and others where AWS names them', () => {
    const owners = new Map<string, string[]>();
    for (const { id, recommendedOwners } of services) {
      if (recommendedOwners.length > 0) {
        const key = recommendedOwners.join(' or ');
        owners.set(key, [...(owners.get(key) ?? []), id].sort());
      }
    }
    expect(owners.get('infra_ops or networking')).toEqual(['ipam']);
    expect(owners.get('infra_ops or backup')).toEqual(['backup']);
    expect(owners.get('infra_ops')).toEqual(['cost-optimization-hub', 'trusted-advisor']);
    expect(owners.get('infosec')).toEqual(ids(services.filter(({ isSecurityService }) => isSecurityService)));
    expect(owners.size).toBe(4);
  });

  it('knows that the management account cannot be registered with Organizations', () => {
    for (const entry of services) {
      const onlyOrganizations = entry.methods.length === 1 && entry.methods[0] === 'organizations';
      // AWS lets the management account run incident response itself.
      if (!onlyOrganizations || entry.id === 'security-incident-response') continue;
      expect(entry.managementAccountMayBeAdmin, entry.id).toBe(false);
    }
    const mayBe = services.filter(({ managementAccountMayBeAdmin }) => managementAccountMayBeAdmin === true);
    expect(ids(mayBe)).toEqual([
      'detective',
      'guardduty',
      'macie',
      'network-security-manager',
      'security-hub-cspm',
      'security-incident-response',
    ]);
  });

  it('keeps the limits that AWS states', () => {
    const limits = ['guardduty', 'firewall-manager', 'cloudtrail', 'stacksets', 'service-catalog', 'config'];
    expect(limits.map((id) => service(id).maxDelegatedAdmins)).toEqual([1, 10, 3, 5, 50, null]);
    for (const { id, maxDelegatedAdmins } of services) {
      if (maxDelegatedAdmins !== null) expect(maxDelegatedAdmins, id).toBeGreaterThan(0);
    }
  });
});

describe('the commands of a service', () => {
  const kebab = (operation: string) => operation.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
  const commandOf = (action: string | null) => {
    const [prefix = '', operation = ''] = (action ?? '').split(':');
    return `aws ${prefix} ${kebab(operation)}`;
  };

  it('are those of the IAM actions', () => {
    for (const { id, registerAction, deregisterAction, registerCommand, deregisterCommand } of services) {
      if (id === 'organizations-delegation-policy') continue;
      for (const command of registerCommand?.split('; ') ?? []) {
        expect(`${command} `, id).toContain(`${commandOf(registerAction)} `);
      }
      for (const command of deregisterCommand?.split('; ') ?? []) {
        expect(`${command} `, id).toContain(`${commandOf(deregisterAction)} `);
      }
    }
  });

  it('name the account to register, and a Region where each has an administrator of its own', () => {
    for (const { id, isRegional, registerCommand, deregisterCommand } of services) {
      if (registerCommand === null || id === 'organizations-delegation-policy') continue;
      expect(registerCommand, id).toContain(' {admin_account_id}');
      for (const command of [registerCommand, deregisterCommand ?? registerCommand]) {
        expect(command.includes(' --region {region}'), id).toBe(isRegional === true);
        expect(command.replace(/\{(admin_account_id|region|home_region)\}/g, ''), id).not.toMatch(/[{}]/);
      }
    }
  });

  it('are missing only where no source says how, or where one should not paste them', () => {
    const without = services.filter((entry) => entry.isDelegationSupported === true && entry.registerCommand === null);
    expect(ids(without)).toEqual([
      'license-manager',
      'network-security-director',
      'network-security-manager',
      'user-notifications',
    ]);
    expect(service('security-incident-response').deregisterCommand).toBeNull();
    expect(services.filter((entry) => entry.isDelegationSupported !== true && entry.registerCommand !== null)).toEqual(
      [],
    );
  });

  it('tell the two Security Hubs apart, and register each principal of Config', () => {
    expect(service('security-hub').registerCommand).toContain(' --feature SecurityHubV2');
    expect(service('security-hub-cspm').registerCommand).not.toContain('--feature');
    expect(service('config').registerCommand?.match(/--service-principal \S+/g)).toEqual([
      '--service-principal config.amazonaws.com;',
      '--service-principal config-multiaccountsetup.amazonaws.com',
    ]);
  });

  it('go to the Region that answers for all of them, partition by partition', () => {
    const commands = (partition: string) => commandsIn(service('firewall-manager'), partition).registerCommand;
    const command = 'aws fms associate-admin-account --admin-account {admin_account_id} --region';
    expect([commands('aws'), commands('aws-us-gov')]).toEqual([`${command} us-east-1`, `${command} us-gov-west-1`]);
    // Not there, and nobody knows where it would be.
    expect([commands('aws-iso'), commands('moon')]).toEqual([null, null]);
    expect(commandsIn(service('guardduty'), 'moon').registerCommand).toContain('{region}');
  });
});

describe('the Regions of a service', () => {
  const surveyed = services.filter(({ serviceRegions }) => serviceRegions !== null);
  const countIn = (entry: DelegationService, partition: 'aws' | 'aws-cn' | 'aws-us-gov') =>
    (entry.serviceRegions?.[partition] ?? []).filter((name) => regionNamed(name)?.kind !== 'unsurveyed').length;

  it('are known ones, of their partition, each once', () => {
    for (const { id, serviceRegions } of surveyed) {
      for (const partition of partitions) {
        const listed = serviceRegions?.[partition.id] ?? [];
        expect(listed.every(isKnownRegion), id).toBe(true);
        expect(new Set(listed).size, id).toBe(listed.length);
        const own = new Set(partition.regions.map(({ name }) => name));
        expect(
          listed.filter((name) => !own.has(name)),
          id,
        ).toEqual([]);
      }
    }
  });

  it('are as many as the endpoint data says, where it says less than all', () => {
    const counts = ['guardduty', 'macie', 'inspector', 'detective', 'audit-manager', 'security-lake'].map((id) => [
      id,
      countIn(service(id), 'aws'),
      countIn(service(id), 'aws-cn'),
      countIn(service(id), 'aws-us-gov'),
    ]);
    expect(counts).toEqual([
      ['guardduty', 34, 2, 2],
      ['macie', 22, 0, 0],
      ['inspector', 33, 2, 2],
      ['detective', 21, 0, 2],
      ['audit-manager', 12, 0, 0],
      ['security-lake', 17, 0, 2],
    ]);
  });

  it('are surveyed for every service that has an administrator per Region', () => {
    for (const { id, isRegional, serviceRegions } of services) {
      if (isRegional === true) expect(serviceRegions, id).not.toBeNull();
    }
  });

  it('are "not known" rather than "not there" for what nobody surveyed', () => {
    expect(isServiceInRegion(service('macie'), 'eu-west-1')).toBe(true);
    expect(isServiceInRegion(service('macie'), 'eu-south-2')).toBe(false);
    expect(isServiceInRegion(service('macie'), 'cn-north-1')).toBe(false);
    expect(isServiceInRegion(service('guardduty'), 'us-isob-west-1')).toBe(false);
    // Newer than the survey, newer than this catalogue, no Region at all, and a service without a survey.
    expect(isServiceInRegion(service('macie'), 'me-west-1')).toBeNull();
    expect(isServiceInRegion(service('macie'), 'eu-west-9')).toBeNull();
    expect(isServiceInRegion(service('macie'), 'moon')).toBeNull();
    expect(isServiceInRegion(service('health'), 'eu-west-1')).toBeNull();
    for (const id of ['macie', 'audit-manager', 'guardduty']) {
      expect(service(id).serviceRegions?.aws, id).toEqual(expect.arrayContaining(['me-west-1', 'sa-west-1']));
    }
  });
});
