import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Pages that the hub puts into the overview where it says `:configuration` and `:authentication`. */
const fragments = ['configuration', 'authentication'] as const;

export interface HubPage {
  /** Below `docs/` of the package. */
  readonly path: string;
  readonly text: string;
}

/**
 * The pages of a checkout as CloudQuery's hub shows them: the overview, what it includes, and the tables. The hub has no other page of ours, so that
 * a link to one of them becomes its name.
 */
export async function hubPages(checkout: string, plugin: { path: string; version: string }): Promise<HubPage[]> {
  const page = (path: string): Promise<string> => readFile(join(checkout, 'docs', path), 'utf8');
  const [overview, configuration, authentication, names] = await Promise.all([
    page('overview.md'),
    page('configuration.md'),
    page('authentication.md'),
    readdir(join(checkout, 'docs', 'tables')),
  ]);
  const tables = names.filter((name) => name.endsWith('.md')).sort();
  return [
    { path: 'overview.md', text: withoutLinks(withIncludes(overview)) },
    { path: '_configuration.md', text: withoutLinks(fragmentOf(fromHub(configuration, plugin))) },
    { path: '_authentication.md', text: withoutLinks(fragmentOf(authentication)) },
    // They lie beside each other there, too.
    ...(await Promise.all(
      tables.map(async (name) => ({ path: `tables/${name}`, text: await page(`tables/${name}`) })),
    )),
  ];
}

/** A line that is nothing but a link to one of the fragments. */
function withIncludes(text: string): string {
  return fragments.reduce((result, name) => {
    const link = new RegExp(`^\\[[^\\]]*\\]\\(${name}\\.md\\)$`, 'm');
    if (!link.test(result)) throw new Error(`docs/overview.md has no line that is a link to ${name}.md`);
    return result.replace(link, `:${name}`);
  }, text);
}

/** Without its title, one level below the heading that it stands under. */
function fragmentOf(text: string): string {
  return outsideOfBlocks(text.replace(/^# .*\n+/, ''), (part) => part.replace(/^#/gm, '##'));
}

/** The hub's own spec before all others: `cloudquery init` takes the first one. It runs the image, as the one for Docker does. */
function fromHub(text: string, { path, version }: { path: string; version: string }): string {
  const docker = [...text.matchAll(/^```yaml\n.*?^```\n/gms)].find(([block]) => /^ {2}registry: docker$/m.test(block));
  if (docker === undefined) throw new Error('docs/configuration.md has no spec with `registry: docker`');
  const spec = docker[0]
    .replace(/^ {2}registry: docker$/m, '  registry: cloudquery')
    .replace(/^ {2}path: .*$/m, `  path: ${path}\n  version: ${version}`);
  return text.replace(/^(# .*\n+)/, (title) => `${title}From the hub:\n\n${spec}\n`);
}

function withoutLinks(text: string): string {
  return outsideOfBlocks(text, (part) =>
    part.replace(/\[([^\]]+)\]\((?![a-z]+:)([^)#\s]+)[^)]*\)/g, (_, name: string, path: string) =>
      path.startsWith('../') ? `${name} (\`${path.slice(3)}\`)` : `${name} (\`docs/${path}\`)`,
    ),
  );
}

function outsideOfBlocks(text: string, change: (part: string) => string): string {
  return text
    .split(/^(```.*?^```)$/ms)
    .map((part) => (part.startsWith('```') ? part : change(part)))
    .join('');
}
