import { mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { pluginName } from '../../plugin/server.js';
import { InterruptedError, RunError, UsageError } from '../errors.js';
import { buildImages } from '../hub/images.js';
import { checkCheckout, writeHubPackage } from '../hub/package.js';
import { interruptible, print, tell } from '../terminal.js';

interface Options {
  message: string;
  distDir?: string;
  team: string;
  target?: string[];
}

const everyPlatform: readonly string[] = ['linux/amd64', 'linux/arm64'];

export function addPackage(program: Command): void {
  program
    .command('package')
    .description("for maintainers: what CloudQuery's hub publishes of a checkout, images included")
    .argument('<version>', 'v and the version of the checkout, such as v1.2.3')
    .argument('[directory]', 'the checkout', '.')
    .requiredOption('-m, --message <text>', 'what is new in this version, in Markdown; @FILE reads it from a file')
    .option(
      '-D, --dist-dir <folder>',
      'where to: a new folder, an empty one, or an earlier package; default: hub in the checkout',
    )
    .option('--team <name>', 'the team on the hub', nameOfTeam, pluginName)
    .option('--target <platforms...>', `what to build images for; default: ${everyPlatform.join(' ')}`, platforms)
    .addHelpText(
      'after',
      '\nNothing is published. `cloudquery plugin publish -D FOLDER` does that, with an account of the team.',
    )
    .action(async (version: string, directory: string, options: Options) => {
      await checkCheckout(directory, version);
      const message = await messageOf(options.message);
      const targets = options.target ?? everyPlatform;
      const target = resolve(options.distDir ?? join(directory, 'hub'));
      await checkPlace(target);
      const { tables } = await import('../../../tables/index.js');
      const plugin = { checkout: directory, team: options.team, name: pluginName, version };
      await interruptible(async (signal) => {
        // Beside its place until it is whole: an earlier package stays until then.
        const partial = await folderBeside(target);
        // One below it: a temporary folder can be read by its owner alone, and keeps that.
        const whole = join(partial, 'package');
        try {
          await mkdir(whole);
          await writeHubPackage(whole, { ...plugin, message, tables }, () =>
            buildImages({ ...plugin, directory: whole, targets }, signal, tell),
          );
          await rm(target, { recursive: true, force: true });
          await rename(whole, target);
        } catch (error) {
          throw signal.aborted
            ? new InterruptedError('Interrupted. No package was written.', { cause: error })
            : onDisk(error);
        } finally {
          await rm(partial, { recursive: true, force: true });
        }
      });
      tell(
        `${plugin.team}/${pluginName} ${version} for ${targets.join(' and ')}: publish it with \`cloudquery plugin publish\`.`,
      );
      print(target);
    });
}

/** Commander hands them over one by one. */
function platforms(value: string, earlier: readonly string[] = []): string[] {
  if (!everyPlatform.includes(value))
    throw new InvalidArgumentError(`The image is for ${everyPlatform.join(' and ')}.`);
  return [...new Set([...earlier, value])];
}

/** It stands in the name of the image. */
function nameOfTeam(value: string): string {
  if (!/^[a-z0-9]+([-_][a-z0-9]+)*$/.test(value))
    throw new InvalidArgumentError('A team has lower-case letters and digits, with - or _ between them.');
  return value;
}

async function messageOf(given: string): Promise<string> {
  const text = given.startsWith('@') ? await readMessage(given.slice(1)) : given;
  const message = text.replace(/\r\n?/g, '\n').trim();
  if (message === '') throw new UsageError('package: the message is empty. Say with -m what is new in this version.');
  return message;
}

async function readMessage(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new UsageError(`package: the message ${file} cannot be read (${code}).`, { cause: error });
  }
}

async function folderBeside(target: string): Promise<string> {
  try {
    await mkdir(dirname(target), { recursive: true });
    return await mkdtemp(join(dirname(target), `.${basename(target)}.partial-`));
  } catch (error) {
    throw onDisk(error);
  }
}

/** What is there is replaced, so it has to be ours. */
async function checkPlace(target: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(target);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new UsageError(`package: ${target} cannot be used (${code}). Name another folder with -D.`, { cause: error });
  }
  if (names.length === 0 || (await isPackage(join(target, 'package.json')))) return;
  throw new UsageError(`package: ${target} has something else in it. Name another folder with -D, or empty this one.`);
}

async function isPackage(file: string): Promise<boolean> {
  try {
    const { name, package_type } = JSON.parse(await readFile(file, 'utf8')) as {
      name?: unknown;
      package_type?: unknown;
    };
    return name === pluginName && package_type === 'docker';
  } catch {
    return false;
  }
}

function onDisk(error: unknown): unknown {
  const { code, path = '' } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || error instanceof RunError) return error;
  return new RunError(`package: reading or writing ${path} failed (${code}). No package was written.`, {
    cause: error,
  });
}
