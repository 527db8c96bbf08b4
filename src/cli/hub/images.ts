import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RunError } from '../errors.js';
import type { SupportedTarget } from './package.js';

interface Images {
  readonly checkout: string;
  /** Where the archives go. */
  readonly directory: string;
  readonly team: string;
  readonly name: string;
  readonly version: string;
  /** `linux/amd64` */
  readonly targets: readonly string[];
}

/**
 * Builds the image for each target, one after the other, and saves each as a tar archive.
 *
 * @throws {RunError} Docker is not there, or has not done it
 */
export async function buildImages(
  { checkout, directory, team, name, version, targets }: Images,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<SupportedTarget[]> {
  const built: SupportedTarget[] = [];
  for (const target of targets) {
    const [os = '', arch = ''] = target.split('/');
    // Names of the hub: its CLI pushes the image of the archive by this tag.
    const tag = `docker.cloudquery.io/${team}/source-${name}:${version}-${os}-${arch}`;
    const path = `plugin-${name}-${version}-${os}-${arch}.tar`;
    say(`building ${tag}`);
    await docker(['build', '--platform', target, '--tag', tag, '.'], checkout, signal);
    // Without BuildKit an image of another platform that is here already can be taken for the one that was asked for.
    const platform = await docker(['image', 'inspect', '--format', '{{.Os}}/{{.Architecture}}', tag], checkout, signal);
    if (platform !== target)
      throw new RunError(
        `package: docker built ${tag} for ${platform || 'no platform'} instead of ${target}. Build it with BuildKit (docker buildx), which fetches the base images of each platform.`,
      );
    await docker(['save', '--output', join(directory, path), tag], checkout, signal);
    built.push({ os, arch, path, checksum: await sha256(join(directory, path)), docker_image_tag: tag });
  }
  return built;
}

/** What it printed on stdout. */
function docker(args: readonly string[], cwd: string, signal: AbortSignal): Promise<string> {
  const said = `docker ${args.join(' ')}`;
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, { cwd, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let told = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    // The end of it says why; a build tells a lot before.
    child.stderr.setEncoding('utf8').on('data', (text: string) => (told = (told + text).slice(-mostCharacters)));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'ENOENT' ? 'there is no docker in PATH. Install Docker, or package where it is' : error.message;
      reject(new RunError(`package: ${said}: ${reason}.`, { cause: error }));
    });
    child.on('close', (code) => {
      if (code === 0) resolve(output.trim());
      else
        reject(
          new RunError(
            `package: ${said} ended with ${code ?? 'a signal'}. It said:\n${told.trim() || output.trim().slice(-mostCharacters)}`,
          ),
        );
    });
  });
}

const mostCharacters = 4000;

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
