import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { visible } from './characters.js';
import { pageData, type PageInput } from './page.js';

/** What `npm run build` makes of src/page. */
export interface PageBundle {
  readonly script: string;
  readonly style: string;
}

/** The whole page; nothing in it is asked of anybody. */
export function htmlReport(input: PageInput, { script, style }: PageBundle): string {
  const data = pageData(input);
  // Nobody has to read the JSON, and text of that length is a tenth of it when packed.
  const packed = gzipSync(
    JSON.stringify(data, (_key, value: unknown) => (typeof value === 'string' ? visible(value) : value)),
    {
      level: 9,
    },
  ).toString('base64');
  const code = inScript(script);
  const look = style.replaceAll('</', '<\\/');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hashOf(code)}'`,
    `style-src 'sha256-${hashOf(look)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const [organization] = data.organizations;
  const title = `AWS delegation: ${organization?.organizationId ?? 'nothing read'}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="aws-delegation ${attribute(input.version)}">
<title>${attribute(visible(title))}</title>
<style>${look}</style>
</head>
<body>
<noscript><p>This report is one file without a server: a browser puts it together with the script that is in it. Switch scripts on for this file, or read <code>aws-delegation check --format markdown</code>.</p></noscript>
<div id="page"><p class="loading" role="status">Reading the report …</p></div>
<script type="application/octet-stream" id="data">${packed}</script>
<script>${code}</script>
</body>
</html>
`;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** A script ends at the first of these, wherever it stands. */
const inScript = (code: string): string => code.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '\\x3C!--');

const attribute = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
