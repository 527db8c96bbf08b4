import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  leftovers,
  verifyBundle,
  writeBundle,
  type BundleWriter,
  type Written,
} from '../../src/cli/evidence/bundle.js';
import { csvLine } from '../../src/cli/evidence/csv.js';

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidence-bundle-'));
  target = join(folder, 'bundle');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function* pieces(): AsyncGenerator<string | Buffer> {
  yield await Promise.resolve('id\n');
  yield Buffer.from('\u{1f600},"a\nb"\n');
}
const fill = async (writer: BundleWriter): Promise<string> => {
  await writer.add('tables/b.csv', pieces());
  await writer.add('README.md', 'Read me.\n');
  await writer.add('rules/a/rule.sql', '');
  return '{"node": "24"}\n';
};
const write = (more: (writer: BundleWriter) => Promise<string> = fill): Promise<Written> => writeBundle(target, more);
const inBundle = (path: string): string => join(target, path);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a bundle', () => {
  it('has the hash of each file, sorted, and one of them all; sha256sum agrees', async () => {
    const { digest, fileCount } = await write();
    const manifest = readFileSync(inBundle('MANIFEST'), 'utf8');
    expect(manifest).toBe(
      [
        `${sha256('Read me.\n')}  README.md\n`,
        `${sha256('')}  rules/a/rule.sql\n`,
        `${sha256('id\n\u{1f600},"a\nb"\n')}  tables/b.csv\n`,
      ].join(''),
    );
    expect({ digest, fileCount }).toEqual({ digest: sha256(manifest), fileCount: 3 });
    expect(execFileSync('sha256sum', ['-c', 'DIGEST', 'MANIFEST'], { cwd: target, encoding: 'utf8' })).toBe(
      'MANIFEST: OK\nREADME.md: OK\nrules/a/rule.sql: OK\ntables/b.csv: OK\n',
    );
    expect(await verifyBundle(target)).toEqual({ digest, fileCount: 3, differences: [] });
    expect(readdirSync(folder)).toEqual(['bundle']);
  });

  it('has the same digest whatever the order in which it was written, and whatever the run says of itself', async () => {
    const { digest } = await write();
    const again = await write(async (writer) => {
      await writer.add('rules/a/rule.sql', '');
      await writer.add('README.md', 'Read me.\n');
      await writer.add('tables/b.csv', pieces());
      return '{"node": "26"}\n';
    });
    expect(again.digest).toBe(digest);
    expect(readFileSync(inBundle('run.json'), 'utf8')).toBe('{"node": "26"}\n');
  });

  it.each(['../up', '/root', 'a/../../b', '', 'MANIFEST', 'DIGEST', 'run.json', 'a//b', '.hidden', 'a\nb', 'a b'])(
    'has no file %j',
    async (path) => {
      await expect(write(async (writer) => (await writer.add(path, ''), ''))).rejects.toThrow(/is wrong, or twice/);
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});

describe('where it goes', () => {
  it('may be an empty folder, be it by a link, or a folder that is to be made', async () => {
    mkdirSync(target);
    await write();
    expect((await verifyBundle(target)).differences).toEqual([]);
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    await writeBundle(join(folder, 'link'), fill);
    expect((await verifyBundle(join(folder, 'real'))).differences).toEqual([]);
    await writeBundle(join(folder, 'new', 'deep'), fill);
    expect((await verifyBundle(join(folder, 'new', 'deep'))).differences).toEqual([]);
  });

  it('may be a bundle, which is replaced, with all that it had', async () => {
    await write();
    await write(async (writer) => (await writer.add('other.csv', 'x\n'), ''));
    expect(readdirSync(target).sort()).toEqual(['DIGEST', 'MANIFEST', 'other.csv', 'run.json']);
    expect(readdirSync(folder)).toEqual(['bundle']);
  });

  it.each<[string, () => void]>([
    [
      'a folder with something else',
      () => {
        mkdirSync(target);
        writeFileSync(inBundle('letter.txt'), 'dear');
      },
    ],
    [
      'a file',
      () => {
        writeFileSync(target, 'dear');
      },
    ],
    [
      'a link to nowhere',
      () => {
        symlinkSync(join(folder, 'nowhere'), target);
      },
    ],
  ])('may not be %s', async (_what, make) => {
    make();
    const before = readdirSync(folder);
    await expect(write()).rejects.toThrow(/nothing was written/);
    expect(readdirSync(folder)).toEqual(before);
    if (existsSync(inBundle('letter.txt'))) expect(readFileSync(inBundle('letter.txt'), 'utf8')).toBe('dear');
  });

  it.each<[string, () => void]>([
    [
      'has a file more',
      () => {
        writeFileSync(inBundle('tables/notes.txt'), 'mine');
      },
    ],
    [
      'has a file that was changed',
      () => {
        writeFileSync(inBundle('README.md'), 'mine');
      },
    ],
    [
      'lacks a file',
      () => {
        unlinkSync(inBundle('README.md'));
      },
    ],
  ])('may not be a bundle that %s', async (_what, change) => {
    await write();
    change();
    const before = readdirSync(target, { recursive: true });
    await expect(write()).rejects.toThrow(/not as it was written .*so that it was not replaced/);
    expect(readdirSync(target, { recursive: true })).toEqual(before);
    expect(readdirSync(folder)).toEqual(['bundle']);
  });
});

describe('a run that does not come to its end', () => {
  it('leaves the bundle before as it was, and nothing beside it', async () => {
    const { digest } = await write();
    const failing = async (writer: BundleWriter): Promise<string> => {
      await fill(writer);
      throw new Error('the database is gone');
    };
    await expect(write(failing)).rejects.toThrow('the database is gone');
    async function* breaking(): AsyncGenerator<string> {
      yield await Promise.resolve('half');
      throw new Error('the stream is broken');
    }
    await expect(write(async (writer) => (await writer.add('x.csv', breaking()), ''))).rejects.toThrow(/broken/);
    expect(await verifyBundle(target)).toMatchObject({ digest, differences: [] });
    expect(readdirSync(folder)).toEqual(['bundle']);
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    const interrupted = writeBundle(
      target,
      async (writer) => {
        await writer.add('a.csv', 'a');
        controller.abort();
        return fill(writer);
      },
      controller.signal,
    );
    await expect(interrupted).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps what came into an empty folder meanwhile', async () => {
    mkdirSync(target);
    const meanwhile = async (writer: BundleWriter): Promise<string> => {
      writeFileSync(inBundle('letter.txt'), 'dear');
      return fill(writer);
    };
    await expect(write(meanwhile)).rejects.toThrow(/ENOTEMPTY.* come into it meanwhile/);
    expect(readFileSync(inBundle('letter.txt'), 'utf8')).toBe('dear');
    expect(readdirSync(folder)).toEqual(['bundle']);
  });

  it('keeps what came into the bundle before meanwhile, and says where', async () => {
    await write();
    await write(async (writer) => {
      writeFileSync(inBundle('letter.txt'), 'dear');
      return fill(writer);
    });
    expect((await verifyBundle(target)).differences).toEqual([]);
    const [old = '', ...others] = await leftovers(target);
    expect(others).toEqual([]);
    expect(readFileSync(join(old, 'letter.txt'), 'utf8')).toBe('dear');
  });
});

describe('verify', () => {
  const differences = async (): Promise<readonly string[]> => (await verifyBundle(target)).differences;
  beforeEach(async () => {
    await write();
  });

  it('tells what was changed, is missing, and does not belong there', async () => {
    writeFileSync(inBundle('README.md'), 'Read me!\n');
    unlinkSync(inBundle('tables/b.csv'));
    unlinkSync(inBundle('run.json'));
    writeFileSync(inBundle('rules/a/more.sql'), '');
    mkdirSync(inBundle('empty/within'), { recursive: true });
    expect(await differences()).toEqual([
      'README.md has changed',
      'tables/b.csv is missing',
      'run.json is missing',
      'rules/a/more.sql is not of the bundle',
      'empty/within is not of the bundle',
      'tables is not of the bundle',
    ]);
  });

  it('takes no link for a file, even to the same text', async () => {
    writeFileSync(join(folder, 'elsewhere'), 'Read me.\n');
    unlinkSync(inBundle('README.md'));
    symlinkSync(join(folder, 'elsewhere'), inBundle('README.md'));
    expect(await differences()).toEqual(['README.md is no regular file']);
  });

  it('notices a manifest that was written anew', async () => {
    const manifest = readFileSync(inBundle('MANIFEST'), 'utf8');
    writeFileSync(inBundle('README.md'), 'Read me!\n');
    writeFileSync(inBundle('MANIFEST'), manifest.replace(sha256('Read me.\n'), sha256('Read me!\n')));
    expect(await differences()).toEqual(['MANIFEST is not what DIGEST says']);
  });

  it.each(['../../etc/passwd', '/etc/passwd', 'a/../../b', 'run.json', 'README.md'])(
    'does not follow a manifest to %s',
    async (path) => {
      const manifest = `${readFileSync(inBundle('MANIFEST'), 'utf8')}${'0'.repeat(64)}  ${path}\n`;
      writeFileSync(inBundle('MANIFEST'), manifest);
      writeFileSync(inBundle('DIGEST'), `${sha256(manifest)}  MANIFEST\n`);
      expect(await differences()).toEqual([`MANIFEST has a line that is none: ${'0'.repeat(64)}  ${path}`]);
    },
  );

  it('notices a manifest without its end', async () => {
    const manifest = readFileSync(inBundle('MANIFEST'), 'utf8').slice(0, -10);
    writeFileSync(inBundle('MANIFEST'), manifest);
    writeFileSync(inBundle('DIGEST'), `${sha256(manifest)}  MANIFEST\n`);
    expect(await differences()).toEqual(['MANIFEST has no end', 'tables/b.csv is not of the bundle']);
  });

  it.each(['MANIFEST', 'DIGEST'])('says that a folder without %s is none', async (name) => {
    unlinkSync(inBundle(name));
    await expect(verifyBundle(target)).rejects.toThrow(`is no evidence bundle: it has no ${name}`);
  });
});

it('writes CSV as COPY reads it', () => {
  expect(csvLine([null, '', 'a', 'a,b', 'a"b', 'a\nb', 'a\rb', '\\.', ' ', '=1'])).toBe(
    ',"",a,"a,b","a""b","a\nb","a\rb","\\.", ,=1\n',
  );
});
