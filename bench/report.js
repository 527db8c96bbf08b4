import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { judgedPage } from '../dist/src/cli/judged_page.js';
import { connect, disconnect, openEmbedded, stopEmbedded } from '../dist/src/postgres/index.js';

import { median, result } from './results.js';

/** The HTML report of so many accounts: to write it, its size, and the time until it can be read in Chromium. */
export async function measureReport({ rounds, scaled, directory, signal, tell }) {
  const sizes = [1_000, 50_000].map(scaled);
  const home = join(directory, 'report');
  const embedded = await openEmbedded({ name: 'bench', home });
  try {
    const results = [];
    for (const accounts of sizes) {
      signal.throwIfAborted();
      tell(`report: making ${accounts} accounts`);
      const { seconds, bytes, views } = await ofSize({ accounts, rounds, url: embedded.url, directory, signal });
      const of = { count: accounts, of: 'accounts' };
      const isLargest = accounts === sizes.at(-1);
      results.push(
        result({ what: 'rules and HTML report', ...of, unit: 's', ours: median(seconds) }),
        result({ what: 'size of the HTML report', ...of, unit: 'bytes', ours: bytes }),
      );
      if (views.length > 0) {
        results.push(
          result({
            what: 'until it can be read in Chromium',
            ...of,
            unit: 's',
            ours: median(views),
            target: isLargest ? { of: 'ours', atMost: 3 } : null,
          }),
        );
      } else if (isLargest) tell('report: there is no Chromium in PATH, nor in CHROMIUM, to open it with');
    }
    return { results };
  } finally {
    await embedded.release();
    await stopEmbedded({ name: 'bench', home });
  }
}

async function ofSize({ accounts, rounds, url, directory, signal }) {
  const { fillLargeOrganization } = await tsImport('../test/rules/large_organization.ts', import.meta.url);
  const own = new URL(url);
  own.pathname = `/report_${accounts}`;
  const admin = await connect(url);
  try {
    await admin.query(`create database report_${accounts}`);
  } finally {
    await disconnect(admin);
  }
  const client = await connect(own.href);
  const file = join(directory, `report_${accounts}.html`);
  const seconds = [];
  try {
    await fillLargeOrganization(client, accounts);
    for (let round = 0; round < rounds; round++) {
      signal.throwIfAborted();
      const startedAt = performance.now();
      const { html } = await judgedPage(client, { write: false });
      await writeFile(file, html);
      seconds.push((performance.now() - startedAt) / 1000);
    }
  } finally {
    await disconnect(client);
  }
  return { seconds, bytes: (await readFile(file)).length, views: await firstViews(file, rounds) };
}

/** Seconds from the address to the first section, each in a browser that has not seen it before. */
async function firstViews(file, rounds) {
  const { findChromium, chromiumArguments } = await tsImport('../test/support/chromium.ts', import.meta.url);
  const executablePath = findChromium();
  if (executablePath === undefined) return [];
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  const views = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const page = await context.newPage();
      const startedAt = performance.now();
      await page.goto(pathToFileURL(file).href);
      await page.waitForSelector('main h1');
      await page.evaluate(() => new Promise((resolve) => globalThis.requestAnimationFrame(() => resolve(null))));
      views.push((performance.now() - startedAt) / 1000);
      await context.close();
    }
  } finally {
    await browser.close();
  }
  return views;
}
