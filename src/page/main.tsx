import { render } from 'preact';
import type { PageData } from '../report/page_data.js';
import { App } from './app.js';
import { restoreTheme } from './theme.js';

async function start(root: HTMLElement): Promise<void> {
  const data = await unpacked(document.getElementById('data')?.textContent ?? '');
  let isPrinting = false;
  const draw = (): void => {
    render(<App data={data} isPrinting={isPrinting} print={printAll} />, root);
  };
  const set = (next: boolean): void => {
    if (isPrinting === next) return;
    isPrinting = next;
    draw();
  };
  const printAll = (): void => {
    set(true);
    // After the layout, so that what is printed is there.
    requestAnimationFrame(() => {
      window.print();
    });
  };
  addEventListener('beforeprint', () => {
    set(true);
  });
  addEventListener('afterprint', () => {
    set(false);
  });
  // A viewer that only pretends to print.
  const paper = matchMedia('print');
  paper.addEventListener('change', () => {
    set(paper.matches);
  });
  isPrinting = paper.matches;
  root.replaceChildren();
  draw();
  performance.mark('first-view');
}

/** gzip and base64. */
async function unpacked(text: string): Promise<PageData> {
  const bytes = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text()) as PageData;
}

restoreTheme();
const root = document.getElementById('page');
if (root) {
  start(root).catch((error: unknown) => {
    root.textContent = `This report cannot be shown: ${String(error)}. It needs a browser of 2024 or newer, and the whole file.`;
  });
}
