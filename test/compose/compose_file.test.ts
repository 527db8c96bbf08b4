import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSpecFile } from '../../src/runner/index.js';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'compose.yml'), 'utf8');

interface Service {
  readonly image: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
  readonly user?: string;
  readonly tmpfs?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: unknown;
  readonly restart?: string;
  readonly command?: unknown;
  readonly entrypoint?: unknown;
  readonly environment: Readonly<Record<string, string | null>>;
}

const { services, volumes } = parse(text, { merge: true }) as {
  services: Readonly<Record<string, Service>>;
  volumes: Readonly<Record<string, unknown>>;
};
const each = Object.entries(services);

describe('compose.yml', () => {
  it.each(each)('%s writes to its volume and /tmp only, and gains nothing', (_, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(service.privileged).toBeUndefined();
    expect(service.tmpfs?.[0]).toBe('/tmp');
    // A folder of the checkout is read; what is written has a name.
    for (const volume of service.volumes ?? []) {
      if (Object.keys(volumes).includes(volume.split(':')[0] ?? '')) continue;
      expect(volume).toMatch(/^(\.\/|\$\{SPEC_FOLDER:-\.\/).*:ro$/);
    }
    expect(text).not.toContain('docker.sock');
    // Compose v1 and v2 do not split a text alike.
    for (const words of [service.command ?? [], service.entrypoint ?? []]) expect(words).toBeInstanceOf(Array);
  });

  it.each(each)('%s listens on this machine only', (_, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('whatever goes on has a health check, and starts again', () => {
    const going = each.filter(([, { restart }]) => restart !== undefined);
    expect(going.map(([name]) => name)).toEqual(['postgres', 'nightly', 'dashboard']);
    for (const [, { restart, healthcheck }] of going) {
      expect(restart).toBe('unless-stopped');
      expect(healthcheck).toBeDefined();
    }
  });

  it('.env.example has every variable, and no secret has a default', () => {
    const example = readFileSync(join(root, '.env.example'), 'utf8');
    const named = new Set([...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name));
    const used = [...text.matchAll(/\$\{([A-Z_]+)(:[-?])/g)];
    const notForUsers = ['POSTGRES_IMAGE', 'IMAGE', 'DASHBOARD_IMAGE'];
    for (const [, name = '', operator] of used) {
      if (/PASSWORD|SECRET|KEY/.test(name)) expect(operator, name).toBe(':?');
      if (!notForUsers.includes(name)) expect(named, name).toContain(name);
    }
    // Those that compose takes from the environment as they are.
    const passed = Object.entries(services['nightly']?.environment ?? {}).filter(([, value]) => value === null);
    expect(passed.map(([name]) => name)).toContain('AWS_SECRET_ACCESS_KEY');
    const needed = new Set(used.filter(([, , operator]) => operator === ':?').map(([, name]) => name));
    const empty = [...example.matchAll(/^([A-Z_]+)=$/gm)].map(([, name]) => name);
    expect(new Set(empty)).toEqual(needed);
  });

  it('nobody has a password that is not his', () => {
    const has = (name: string) =>
      Object.values(services[name]?.environment ?? {})
        .flatMap((value) => [...(value ?? '').matchAll(/\$\{([A-Z_]+):\?/g)].map(([, secret]) => secret))
        .sort();
    expect(has('postgres')).toEqual(['POSTGRES_PASSWORD']);
    expect(has('nightly')).toEqual(['WRITER_PASSWORD']);
    const dashboard = ['ADMIN_PASSWORD', 'DASHBOARD_PASSWORD', 'READER_PASSWORD', 'SUPERSET_SECRET_KEY'];
    expect(has('dashboard-setup')).toEqual(dashboard);
    expect(has('dashboard')).toEqual(dashboard.filter((secret) => secret !== 'ADMIN_PASSWORD'));
  });

  it('its spec is one that sync takes', () => {
    const spec = readSpecFile('spec.yml', { env: {}, cwd: join(root, 'compose', 'spec') });
    expect(spec.notices).toEqual([]);
    expect(spec.source).toMatchObject({ name: 'aws-delegation', tables: ['*'] });
    expect(spec.destination).toMatchObject({ name: 'postgresql', writeMode: 'overwrite-delete-stale' });
  });
});
