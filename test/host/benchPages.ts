// How long the viewer of large files takes to its first rows, and a turn of the wheel: node out/test/host/benchPages.js [windows]
// The browser's first webview stands apart: VS Code sets up there what it serves webviews by. Prints the figures and writes
// out/bench/pages.json, which `npm run bench` takes into docs/performance.md.
import type { Frame } from 'playwright-core';
import { writePsums, writeSparse } from '../unit/support/largeFiles';
import { testFolder } from '../unit/support/workspace';
import { summaryOf, writeFigures } from './figures';
import { hostMegabytes } from './hostMemory';
import { Window } from './window';
import type { Workbench } from './workbench';

const TEN_GIGABYTES = 10 * 2 ** 30;
const STEPS = 240;
const SETTLE_MS = 3000;

/** Milliseconds to the frame that shows the first rows. */
interface Opened {
  /** From `openCustomDocument`. */
  readonly rows: number;
  /** From the beginning of the page. */
  readonly page: number;
}

interface Measured {
  readonly fresh: Opened;
  readonly second: Opened;
  readonly steps: readonly number[];
  /** What the extension host grew by with the first file, in MB: the thread is part of it. */
  readonly grown: number;
}

async function main(windows: number): Promise<void> {
  const folder = testFolder();
  folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.editorAssociations': { '*.txt': 'tilescope.largeFile' } }));
  folder.write('notes.md', 'notes\n');
  writeSparse(folder.file('psum.txt'), TEN_GIGABYTES);
  writePsums(folder.file('psum_rtl.txt'), Math.floor((200 * 2 ** 20) / 129));
  const window = await Window.start({}, { width: 1600, height: 900 });
  try {
    const first = await measure(window, folder.path);
    const more: Measured[] = [];
    for (let i = 0; i < windows; i++) more.push(await measure(window, folder.path));
    report(first, more);
  } finally {
    await window.stop();
  }
}

/** The large file first of all, then another one, in a window of their own. */
async function measure(window: Window, folder: string): Promise<Measured> {
  const workbench = await window.open(folder, 'notes.md');
  await workbench.page.waitForTimeout(SETTLE_MS);
  const before = hostMegabytes(window.server.home);
  const frame = await shown(workbench, 'psum.txt');
  const fresh = await opened(frame);
  const steps = await scrollSteps(frame);
  const grown = hostMegabytes(window.server.home) - before;
  const second = await opened(await shown(workbench, 'psum_rtl.txt', frame));
  await workbench.page.close();
  return { fresh, second, steps, grown };
}

function report(first: Measured, more: readonly Measured[]): void {
  const figures = {
    first: [first.fresh.rows],
    fresh: more.map(({ fresh }) => fresh.rows),
    second: more.map(({ second }) => second.rows),
    page: more.map(({ fresh }) => fresh.page),
    secondPage: more.map(({ second }) => second.page),
    step: more.flatMap(({ steps }) => steps),
    hostGrown: more.map(({ grown }) => grown),
  };
  for (const [name, values] of Object.entries(figures)) console.log(`${name.padEnd(12)} ${summaryOf(values)}`);
  console.log(`Written to ${writeFigures('pages', figures)}`);
}

/** @param before the page of the file that was shown, which may be there for a while */
async function shown(workbench: Workbench, file: string, before?: Frame): Promise<Frame> {
  await workbench.openFile(file);
  const old = await before?.locator('body').getAttribute('data-asked').catch(() => null);
  const frame = await workbench.webview(`body:not([data-asked="${old ?? ''}"]) #grid .row.data`);
  await frame.locator('#grid .values').first().waitFor();
  return frame;
}

interface BrowserScope {
  readonly document: {
    readonly body: { readonly dataset: Readonly<Record<string, string>> };
    getElementById(id: string): { dispatchEvent(event: unknown): void; getBoundingClientRect(): unknown };
  };
  readonly WheelEvent: new (type: string, init: object) => unknown;
  requestAnimationFrame(callback: () => void): void;
}

function opened(frame: Frame): Promise<Opened> {
  return frame.evaluate(() => {
    const { body } = (globalThis as unknown as BrowserScope).document;
    const page = performance.getEntriesByName('tilescope-rows')[0]!.startTime;
    return { page, rows: performance.timeOrigin + page - Number(body.dataset['asked']) };
  });
}

/** The time that a turn of the wheel takes the page, drawing and layout included. */
function scrollSteps(frame: Frame): Promise<number[]> {
  return frame.evaluate(async (count) => {
    const scope = globalThis as unknown as BrowserScope;
    const grid = scope.document.getElementById('grid');
    const found: number[] = [];
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      grid.dispatchEvent(new scope.WheelEvent('wheel', { deltaY: 120, bubbles: true, cancelable: true }));
      grid.getBoundingClientRect();
      found.push(performance.now() - start);
      await new Promise<void>((resolve) => { scope.requestAnimationFrame(resolve); });
    }
    return found;
  }, STEPS);
}

main(Number(process.argv[2] ?? 4)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
