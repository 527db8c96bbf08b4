import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { exitCode } from '../../src/cli/exit_code.js';
import { writeHubPackage } from '../../src/cli/hub/package.js';
import { version } from '../../src/cli/package.js';
import { flatten } from '../../src/schema/index.js';
import { tables } from '../../tables/index.js';
import { start, type Ended, type Running } from '../support/cli.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('what is written without Docker', () => {
  const target = { os: 'linux', arch: 'amd64', path: 'image.tar', checksum: '00', docker_image_tag: 'image:tag' };
  const texts = new Map<string, string>();
  const text = (path: string): string => texts.get(path) ?? `there is no ${path}`;

  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hub-'));
    const plugin = {
      checkout: root,
      team: 'a-team',
      name: 'aws-delegation',
      version: 'v1.2.3',
      message: 'New.',
      tables,
    };
    await writeHubPackage(directory, plugin, () => {
      // Nothing can be published before the images are there.
      expect(existsSync(join(directory, 'package.json'))).toBe(false);
      return Promise.resolve([target]);
    });
    for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' }))
      if (/\.\w+$/.test(path)) texts.set(path, readFileSync(join(directory, path), 'utf8'));
    rmSync(directory, { recursive: true });
  });

  it('is the metadata, the tables and the pages, and nothing else', () => {
    expect(JSON.parse(text('package.json'))).toEqual({
      schema_version: 1,
      name: 'aws-delegation',
      team: 'a-team',
      kind: 'source',
      version: 'v1.2.3',
      message: 'New.',
      protocols: [3],
      supported_targets: [target],
      package_type: 'docker',
    });
    const pages = ['overview', '_configuration', '_authentication', 'tables/README'];
    const names = flatten(tables).map(({ name }) => `tables/${name}`);
    expect([...texts.keys()].sort()).toEqual(
      ['package.json', 'tables.json', ...[...pages, ...names].map((name) => `docs/${name}.md`)].sort(),
    );
  });

  it('describes each table as a client is told of it', () => {
    const described = JSON.parse(text('tables.json')) as { name: string; columns: { name: string }[] }[];
    expect(described.map(({ name }) => name)).toEqual(flatten(tables).map(({ name }) => name));
    const services = described.find(({ name }) => name === 'aws_organizations_delegated_services');
    const column = (name: string, type: string, description: string, more: object = {}): object => ({
      ...{ name, description, type, incremental_key: false, not_null: false, primary_key: false, unique: false },
      ...more,
    });
    const key = { primary_key: true, not_null: true };
    expect(services).toMatchObject({
      is_incremental: false,
      parent: 'aws_organizations_delegated_administrators',
      relations: [],
      columns: [
        column('_cq_id', 'uuid', 'ID of the row, the same in every sync.', { not_null: true, unique: true }),
        column('_cq_parent_id', 'uuid', 'ID of the row of the parent table.'),
        column('account_id', 'Utf8', expect.any(String) as string, key),
        column('delegated_account_id', 'Utf8', expect.any(String) as string, key),
        column('delegation_enabled_date', 'Timestamp<MICROSECOND, UTC>', expect.any(String) as string),
        column('service_principal', 'Utf8', expect.any(String) as string, key),
      ],
    });
    for (const { name, columns } of described)
      for (const each of columns) expect(each, name).toHaveProperty('description', expect.stringMatching(/\S/));
    const incremental = { name: 'aws_cloudtrail_organization_events', is_incremental: true, parent: null };
    expect(described).toContainEqual(expect.objectContaining(incremental));
    const parents = { name: 'aws_organizations_delegated_administrators', relations: [services?.name] };
    expect(described).toContainEqual(expect.objectContaining(parents));
  });

  it('is an overview that includes the two fragments', () => {
    expect(text('docs/overview.md')).toMatch(/^---\nname: .+\nstage: .+\ntitle: .+\ndescription: .+\n---\n/);
    expect(text('docs/overview.md')).toContain('\n## Authentication\n\n:authentication\n\n');
    expect(text('docs/overview.md')).toContain('\n## Configuration example\n\n:configuration\n\n');
    for (const fragment of ['_authentication', '_configuration']) {
      const prose = text(`docs/${fragment}.md`).replace(/^```.*?^```$/gms, '');
      expect(prose).not.toMatch(/^#{1,2} /m);
    }
    expect(text('docs/_configuration.md')).toMatch(/^### /m);
    // A comment in a spec is no heading.
    expect(text('docs/_configuration.md')).toContain('bin/aws-delegation # or');
  });

  it('begins with the spec of the hub, which `cloudquery init` takes', () => {
    const [, spec = ''] = /^```yaml\n(.*?)^```$/ms.exec(text('docs/_configuration.md')) ?? [];
    const [source, destination] = parseAllDocuments(spec).map((document) => document.toJS() as unknown);
    expect(source).toMatchObject({
      kind: 'source',
      spec: { registry: 'cloudquery', path: 'a-team/aws-delegation', version: 'v1.2.3', destinations: ['postgresql'] },
    });
    expect(destination).toMatchObject({ kind: 'destination', spec: { name: 'postgresql' } });
    expect(text('docs/_configuration.md').match(/registry: (local|grpc|docker)$/gm)).toHaveLength(4);
  });

  it('has no HTML, no images, and no links that lead nowhere on the hub', () => {
    for (const [path, page] of texts) {
      if (!path.endsWith('.md')) continue;
      const prose = page.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');
      expect(prose, path).not.toMatch(/<(?!https:)|!\[/);
      for (const [, link = ''] of prose.matchAll(/\]\(([^)]*)\)/g)) {
        if (link.startsWith('https:')) continue;
        expect(texts.has(join(dirname(path), link)), `${path}: ${link}`).toBe(true);
      }
    }
    expect(text('docs/_authentication.md')).toContain('permissions (`docs/permissions.md`)');
  });
});

describe('the command', () => {
  /** Saves what it was told to build; `platform` is what it says of every image. */
  const fakeDocker = (platform: string, ending = ''): string =>
    `#!/bin/sh
echo "$PWD: docker $*" >>"${folder}/calls"
${ending}
case "$1" in
  image) echo "${platform}" ;;
  save) printf 'the image %s' "$4" >"$3" ;;
esac
`;

  interface How {
    /** `undefined`: there is none. */
    docker?: string | undefined;
    args?: readonly string[];
  }

  const pack = (how: How): Promise<Ended> => starting(how).ended;

  function starting({ docker, args = [] }: How): Running {
    const programs = join(folder, 'programs');
    rmSync(programs, { recursive: true, force: true });
    mkdirSync(programs);
    symlinkSync(process.execPath, join(programs, 'node'));
    // Nothing else of the machine's: it may have a Docker.
    for (const name of ['sh', 'env', 'dirname', 'readlink']) {
      const at = ['/bin', '/usr/bin'].map((path) => join(path, name)).find((path) => existsSync(path));
      if (at !== undefined) symlinkSync(at, join(programs, name));
    }
    if (docker !== undefined) {
      writeFileSync(join(programs, 'docker'), docker);
      chmodSync(join(programs, 'docker'), 0o755);
    }
    const given = args.length > 0 ? args : [`v${version}`, root, '-m', 'New.', '-D', join(folder, 'out')];
    return start(['package', ...given], { cwd: folder, env: { PATH: programs } });
  }

  /** What is left beside the package. */
  const leftovers = (): string[] => readdirSync(folder).filter((name) => name.includes('partial'));
  const metadata = (): { message: string; supported_targets: unknown[] } =>
    JSON.parse(readFileSync(join(folder, 'out', 'package.json'), 'utf8')) as ReturnType<typeof metadata>;

  it('builds, looks at and saves an image for each platform, and says where the package is', async () => {
    writeFileSync(join(folder, 'news.md'), '\r\n- A table.\r\n- A rule.\r\n');
    const args = [`v${version}`, root, '-m', '@news.md', '-D', 'out', '--team', 'a-team', '--target', 'linux/arm64'];
    const { code, stdout, stderr } = await pack({ docker: fakeDocker('linux/arm64'), args });
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `${join(folder, 'out')}\n` });
    const tag = `docker.cloudquery.io/a-team/source-aws-delegation:v${version}-linux-arm64`;
    const path = `plugin-aws-delegation-v${version}-linux-arm64.tar`;
    const checksum = createHash('sha256').update(`the image ${tag}`).digest('hex');
    expect(metadata()).toMatchObject({
      message: '- A table.\n- A rule.',
      supported_targets: [{ os: 'linux', arch: 'arm64', path, checksum, docker_image_tag: tag }],
    });
    expect(readFileSync(join(folder, 'out', path), 'utf8')).toBe(`the image ${tag}`);
    const calls = readFileSync(join(folder, 'calls'), 'utf8').replaceAll(/\.out\.partial-\w+/g, 'PARTIAL');
    const place = root.replace(/\/$/, '');
    expect(calls.trim().split('\n')).toEqual([
      `${place}: docker build --platform linux/arm64 --tag ${tag} .`,
      `${place}: docker image inspect --format {{.Os}}/{{.Architecture}} ${tag}`,
      `${place}: docker save --output ${join(folder, 'PARTIAL', 'package', path)} ${tag}`,
    ]);
    const made = join(folder, 'made');
    mkdirSync(made);
    expect(statSync(join(folder, 'out')).mode).toBe(statSync(made).mode);
    expect(leftovers()).toEqual([]);
  });

  it('replaces an earlier package, and leaves it where the new one fails', async () => {
    const docker = fakeDocker('linux/amd64');
    const args = (message: string): string[] => [
      ...[`v${version}`, root, '-D', 'out', '-m', message],
      ...['--target', 'linux/amd64', 'linux/amd64'],
    ];
    expect((await pack({ docker, args: args('First.') })).code).toBe(0);
    writeFileSync(join(folder, 'out', 'old'), '');
    expect((await pack({ docker, args: args('Second.') })).code).toBe(0);
    // What was named twice is built once.
    expect(metadata()).toMatchObject({ message: 'Second.', supported_targets: [{ arch: 'amd64' }] });
    expect(metadata().supported_targets).toHaveLength(1);
    expect(existsSync(join(folder, 'out', 'old'))).toBe(false);

    const broken = fakeDocker('linux/amd64', '[ "$1" != save ] || { echo "no space left on device" >&2; exit 1; }');
    const { code, stderr } = await pack({ docker: broken, args: args('Third.') });
    expect(code).toBe(4);
    expect(stderr).toMatch(/docker save .* ended with 1\. It said:\nno space left on device/);
    expect(metadata().message).toBe('Second.');
    expect(leftovers()).toEqual([]);
  });

  it('says where there is no place for the package', async () => {
    writeFileSync(join(folder, 'file'), '');
    const args = [`v${version}`, root, '-m', 'New.', '-D', join(folder, 'file', 'out')];
    const { code, stderr } = await pack({ docker: fakeDocker('linux/amd64'), args });
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringContaining('cannot be used (ENOTDIR)') as string,
    });

    // It fits, and the name of the folder beside it does not.
    const long = join(folder, 'x'.repeat(250));
    const nowhere = await pack({ docker: fakeDocker('linux/amd64'), args: [...args.slice(0, -1), long] });
    expect({ code: nowhere.code, stderr: nowhere.stderr }).toEqual({
      code: 4,
      stderr: expect.stringMatching(/^package: reading or writing .*x\.partial-\S* failed \(ENAMETOOLONG\)/) as string,
    });
  });

  it('ends with Docker at Ctrl-C, and leaves nothing', async () => {
    const docker = fakeDocker('linux/amd64', 'exec node -e "setInterval(() => undefined, 1000)"');
    const { child, ended } = starting({ docker });
    await expect.poll(() => existsSync(join(folder, 'calls')), { timeout: 20_000 }).toBe(true);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({
      code: exitCode.interrupted,
      stderr: expect.stringContaining('Interrupted. No package') as string,
    });
    expect(existsSync(join(folder, 'out'))).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it.each([
    ['there is no Docker', undefined, 'there is no docker in PATH'],
    ['Docker took another platform', 'linux/s390x', 'for linux/s390x instead of linux/amd64'],
  ])('%s: nothing is written', async (_, platform, told) => {
    const { code, stderr, stdout } = await pack({ docker: platform && fakeDocker(platform) });
    expect({ code, stdout }, stderr).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain(told);
    expect(stderr).not.toContain('mistake in aws-delegation');
    expect(existsSync(join(folder, 'out'))).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it.each([
    [['1.2.3', '.', '-m', 'New.'], 'such as v1.2.3'],
    [['v1.2', '.', '-m', 'New.'], 'such as v1.2.3'],
    [['v99.0.0', root, '-m', 'New.'], `is of version ${version}`],
    [[`v${version}`, '.', '-m', 'New.'], 'package.json cannot be read (ENOENT)'],
    [[`v${version}`, 'installed', '-m', 'New.'], 'Dockerfile cannot be read (ENOENT)'],
    [[`v${version}`, 'another', '-m', 'New.'], 'package.json is of "another"'],
    [[`v${version}`, root, '-m', ' ', '-D', 'out'], 'the message is empty'],
    [[`v${version}`, root, '-m', '@none.md', '-D', 'out'], 'none.md cannot be read (ENOENT)'],
    [[`v${version}`, root, '-m', 'New.', '-D', 'another'], 'has something else in it'],
    [[`v${version}`, root, '-m', 'New.', '-D', 'another/package.json'], 'cannot be used (ENOTDIR)'],
    [[`v${version}`, root, '-m', 'New.', '--target', 'windows/amd64'], 'linux/amd64 and linux/arm64'],
    [[`v${version}`, root, '-m', 'New.', '--team', 'A Team'], 'lower-case'],
    [[`v${version}`, root], "'-m, --message <text>' not specified"],
  ])('%j is refused before anything is built', async (args, told) => {
    mkdirSync(join(folder, 'installed'));
    cpSync(join(root, 'package.json'), join(folder, 'installed', 'package.json'));
    mkdirSync(join(folder, 'another'));
    writeFileSync(join(folder, 'another', 'package.json'), '{"name":"another"}');
    const { code, stdout, stderr } = await pack({ docker: fakeDocker('linux/amd64'), args });
    expect({ code, stdout }, stderr).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(told);
    expect(existsSync(join(folder, 'calls'))).toBe(false);
  });
});
