// What stands after the # of the address: a section, and what is open in it.

export const sections = [
  { id: 'overview', title: 'Overview' },
  { id: 'services', title: 'Services' },
  { id: 'organization', title: 'Organization' },
  { id: 'holders', title: 'Holders' },
  { id: 'policy', title: 'Delegation policy' },
  { id: 'rules', title: 'Rules' },
  { id: 'changes', title: 'Changes' },
  { id: 'waivers', title: 'Waivers' },
  { id: 'evidence', title: 'Evidence' },
] as const;

export type SectionId = (typeof sections)[number]['id'];

export interface Route {
  readonly section: SectionId | 'search';
  /** The parts after the section. */
  readonly path: readonly string[];
  /** Name of the source, where it is not the first. */
  readonly source: string | null;
}

/** `#/holders/111122223333`, with `@name` in front for another source than the first: `#/@prod/holders`. */
export function parseRoute(hash: string): Route {
  const parts = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const source = parts[0]?.startsWith('@') === true ? (parts.shift() ?? '').slice(1) : null;
  const [section = 'overview', ...path] = parts;
  const known = section === 'search' ? 'search' : sections.find(({ id }) => id === section)?.id;
  return known === undefined ? { section: 'overview', path: [], source } : { section: known, path, source };
}

export function hashOf(section: Route['section'], path: readonly string[] = [], source: string | null = null): string {
  const parts = [...(source === null ? [] : [`@${source}`]), section, ...path];
  return `#/${parts.map(encodeURIComponent).join('/')}`.replace(/^#\/%40/, '#/@');
}

/** A hash that somebody shortened is no reason to show nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
