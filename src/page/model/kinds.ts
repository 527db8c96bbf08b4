// The kinds of things, in the order in which they are shown, and what the page calls them.
import type { PageMethod, PageSeverity, PageStatus } from '../../report/page_data.js';
import { capital } from './words.js';

export const severities: readonly PageSeverity[] = ['critical', 'high', 'medium', 'low'];

/** Worst first. */
export const statuses: readonly PageStatus[] = ['fail', 'unknown', 'waived', 'pass', 'not_applicable'];

export const methods: readonly PageMethod[] = ['organizations', 'service', 'resource_policy'];

const methodNames: Readonly<Record<PageMethod, string>> = {
  organizations: 'Organizations',
  service: 'the service itself',
  resource_policy: 'the delegation policy',
};

/** As it begins a sentence; a method that this version does not know as AWS or the spec has it. */
export function methodTitle(method: string): string {
  return capital((methodNames as Readonly<Record<string, string>>)[method] ?? method);
}

/** `Organizations and the service itself` */
export function methodList(some: readonly PageMethod[]): string {
  return some.map((method) => methodNames[method]).join(' and ');
}

export const causeNames: Readonly<Record<string, string>> = {
  unread: 'a read is missing',
  not_configured: 'the spec does not say',
  not_observable: 'not shown here',
};

export function statusName(status: PageStatus): string {
  return status === 'not_applicable' ? 'not applicable' : status;
}

/** There is nothing to do about it. */
export function isCalm(status: PageStatus): boolean {
  return status === 'pass' || status === 'not_applicable';
}

const controlNames: Readonly<Record<string, string>> = {
  leave_organization: 'Leaving the organization',
  allowed_regions: 'Other Regions',
  organization_trail: 'Organization trail',
  'access-analyzer': 'Access Analyzer',
  'audit-manager': 'Audit Manager',
  cloudtrail: 'CloudTrail',
  config: 'Config',
  detective: 'Detective',
  guardduty: 'GuardDuty',
  inspector: 'Inspector',
  macie: 'Macie',
  'security-lake': 'Security Lake',
  securityhub: 'Security Hub',
};

export function controlName(control: string): string {
  return controlNames[control] ?? control.replace(/[_-]/g, ' ');
}

export const outcomeNames: Readonly<Record<string, string>> = {
  ok: 'answered',
  absent: 'nothing there to ask',
  skipped: 'left out by the spec',
  denied: 'denied',
  failed: 'failed',
};

const policyTypeNames: Readonly<Record<string, string>> = {
  SERVICE_CONTROL_POLICY: 'service control policy',
  RESOURCE_CONTROL_POLICY: 'resource control policy',
  TAG_POLICY: 'tag policy',
  BACKUP_POLICY: 'backup policy',
};

export function policyTypeName(type: string | null): string {
  return type === null ? 'type not known' : (policyTypeNames[type] ?? type.toLowerCase().replaceAll('_', ' '));
}
