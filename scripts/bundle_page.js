// Makes of src/page what the HTML report has in it: dist/page/page.js and page.css. Whoever gets a report gets the libraries with it, so their licences stand in the script.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

const licences = [
  'preact',
  '@tanstack/preact-table',
  '@tanstack/table-core',
  '@tanstack/preact-store',
  '@tanstack/store',
]
  .map((name) => {
    const folder = join(root, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return `${name} ${version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}`;
  })
  .join('\n\n')
  .replaceAll('*/', '* /');

await build({
  entryPoints: [
    { in: join(root, 'src/page/main.tsx'), out: 'page' },
    { in: join(root, 'src/page/style/page.css'), out: 'page' },
  ],
  outdir: join(root, 'dist/page'),
  bundle: true,
  minify: true,
  format: 'iife',
  // Two years of browsers; all of them have DecompressionStream and light-dark().
  target: ['chrome123', 'firefox125', 'safari17.5'],
  charset: 'ascii',
  legalComments: 'none',
  banner: { js: `/*!\n${licences}\n*/` },
  define: { 'process.env.NODE_ENV': '"production"' },
  tsconfig: join(root, 'src/page/tsconfig.json'),
  logLevel: 'warning',
});
