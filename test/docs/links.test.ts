import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages, root } from './blocks.js';

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

function anchorsIn(page: string): Set<string> {
  const anchors = new Set<string>();
  const text = readFileSync(join(root, page), 'utf8').replace(/^```.*?^```/gms, '');
  for (const [, heading = ''] of text.matchAll(/^#+ (.*)$/gm)) {
    const anchor = anchorOf(heading);
    // A heading that comes again gets a number.
    let number = 0;
    while (anchors.has(number === 0 ? anchor : `${anchor}-${number}`)) number++;
    anchors.add(number === 0 ? anchor : `${anchor}-${number}`);
  }
  return anchors;
}

/** What leads to something that is not there. */
function broken(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/^(\s*)```.*?^\s*```/gms, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : posix.join(posix.dirname(page), decodeURI(path));
    if (!existsSync(join(root, target))) return [link];
    if (anchor === undefined || !statSync(join(root, target)).isFile() || !target.endsWith('.md')) return [];
    return anchorsIn(target).has(anchor) ? [] : [link];
  });
}

describe('links of the docs lead somewhere', () => {
  it.each(pages())('%s', (page) => {
    expect(broken(page)).toEqual([]);
  });
});

it('anchors are those of GitHub', () => {
  expect(anchorOf('`check`, what it *says*: 2.1.5')).toBe('check-what-it-says-215');
  expect(anchorOf('An [embedded](x.md) database, of another_version')).toBe('an-embedded-database-of-another_version');
});
