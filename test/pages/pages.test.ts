import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';
import { ROOT } from '../host/paths';
import type { ThemeName } from '../host/windowThemes';
import { THEMES, THEME_NAMES } from '../host/windowThemes';
import { Window } from '../host/window';
import type { Workbench } from '../host/workbench';
import { HEADER_LINES, writePsums, writeSparse } from '../unit/support/largeFiles';
import type { TestFolder } from '../unit/support/workspace';
import { testFolder } from '../unit/support/workspace';

const TEN_GIGABYTES = 10 * 2 ** 30;

/** The viewer of large files as a user sees it. */
describe('VS Code window: large files', function () {
  this.timeout(240_000);
  let window: Window;

  before(async () => {
    window = await Window.start({}, { width: 1600, height: 900 });
  });

  after(() => window.stop());

  /** A folder whose psum files open in the viewer. */
  const settingsOf = (theme: ThemeName, more: object = {}): string => JSON.stringify({ ...more, 'workbench.colorTheme': THEMES[theme].label, 'workbench.editorAssociations': { '*.txt': 'tilescope.largeFile' } });
  function folderOf(theme: ThemeName): TestFolder {
    const folder = testFolder();
    folder.write('.vscode/settings.json', settingsOf(theme));
    folder.write('notes.md', 'notes\n');
    return folder;
  }

  async function open(workbench: Workbench, file: string): Promise<Frame> {
    await workbench.openFile(file);
    const frame = await workbench.webview('#grid .row.data');
    await frame.locator('#grid .values').first().waitFor();
    return frame;
  }

  const topLine = (frame: Frame): Promise<number> => frame.locator('#grid .row').first().evaluate((row) => Number((row as unknown as { dataset: Record<string, string> }).dataset['line']));
  const selectedLine = (frame: Frame): Promise<number> => frame.locator('#grid .row.current').evaluate((row) => Number((row as unknown as { dataset: Record<string, string> }).dataset['line']));

  describe('two files beside each other', () => {
    let folder: TestFolder;
    let workbench: Workbench;
    let frame: Frame;

    it('decoded rows, hover, find, go to, compare beside, next mismatch', async () => {
      folder = folderOf('dark');
      writePsums(folder.file('psum.txt'), 9 * 256);
      writePsums(folder.file('psum_rtl.txt'), 9 * 256, new Map([[700, '0000000000000001'], [2000, 'xxxxxxxxxxxxxxxx']]));
      workbench = await window.open(folder.path, 'notes.md');
      frame = await open(workbench, 'psum.txt');
      assert.match(await frame.locator('#summary').innerText(), /8 x int16/);
      await workbench.screenshot('pages-dark');
      await frame.locator('#line3 .word').nth(2).hover();
      await frame.locator('#hover:not([hidden])').waitFor();
      assert.match(await frame.locator('#hover').innerText(), /psum · kij 0 \(0,0\) · nij 0.* · col 5\nbits/);
      await workbench.screenshot('pages-hover-dark');
      await frame.locator('#go-text').fill('kij 5 nij 17 col 3');
      await frame.locator('#go-text').press('Enter');
      await frame.locator(`#line${HEADER_LINES + 5 * 256 + 17}.current .selected`).waitFor();
      await frame.locator('#details', { hasText: 'kij 5' }).waitFor();
      await workbench.screenshot('pages-goto-dark');
      assert.deepEqual(await faults(frame), [], 'alone');
      await workbench.page.keyboard.press('Control+f');
      await frame.locator('#find-text:focus').waitFor();
      await frame.locator('#find-mode').selectOption('value');
      await frame.locator('#find-text').fill('-199');
      const before = await selectedLine(frame);
      await frame.locator('#find-text').press('Enter');
      await frame.locator(`#grid .row.current:not(#line${before})`).waitFor();
      assert.ok((await selectedLine(frame)) > before);
      await frame.locator('#compare').click();
      await workbench.untilAsked('The file to put beside');
      await workbench.pick('psum_rtl.txt');
      await frame.locator('#beside:not([hidden])').waitFor();
      await frame.locator('#grid').focus();
      await workbench.page.keyboard.press('Control+Home');
      await workbench.page.keyboard.press('F7');
      await frame.locator(`#line${HEADER_LINES + 700}.current`).waitFor();
      await frame.locator(`#line${HEADER_LINES + 700} .text.beside .differs`).waitFor();
      // The one word that differs is marked in the values and the digits of both files
      for (const part of ['.values:not(.beside)', '.values.beside', '.text:not(.beside)', '.text.beside']) assert.equal(await frame.locator(`#line${HEADER_LINES + 700} ${part} .differs`).count(), 1, part);
      assert.equal(await frame.locator(`#line${HEADER_LINES + 700} .values.beside .differs`).innerText(), '1');
      await workbench.screenshot('pages-compare-dark');
      assert.deepEqual(await faults(frame), [], 'compared');
      await workbench.page.keyboard.press('F7');
      await frame.locator(`#line${HEADER_LINES + 2000}.current .differs`).first().waitFor();
      await workbench.page.keyboard.press('Shift+F7');
      await frame.locator(`#line${HEADER_LINES + 700}.current`).waitFor();
    });

    for (const theme of THEME_NAMES) {
      it(`${theme}: drawn in the colours of the theme, without faults of accessibility`, async () => {
        folder.write('.vscode/settings.json', settingsOf(theme));
        await frame.locator(`body.${THEMES[theme].pageClass}`).waitFor();
        await frame.locator('#grid .differs').first().waitFor();
        await workbench.screenshot(`pages-compare-${theme}`);
        assert.deepEqual(await faults(frame), []);
      });
    }

    it('the settings of the decorated editor hold here as they change', async () => {
      await frame.locator('#grid .band').first().waitFor({ state: 'attached' });
      folder.write('.vscode/settings.json', settingsOf('dark', { 'tilescope.decorations': 'values' }));
      await frame.locator('#grid .band').first().waitFor({ state: 'detached' });
      assert.ok((await frame.locator('#grid .values').count()) > 0);
      // Filling in a field leaves an empty one
      assert.equal(await frame.locator('body [style]:not([style=""])').count(), 0);
    });
  });

  it('10 GB of which only the ends were written, and 200 MB: first rows, scroll steps, the hole', async () => {
    const folder = folderOf('dark');
    const { lines } = writeSparse(folder.file('psum.txt'), TEN_GIGABYTES);
    const workbench = await window.open(folder.path, 'notes.md');
    const started = performance.now();
    const frame = await open(workbench, 'psum.txt');
    const whole = performance.now() - started;
    await workbench.screenshot('pages-10gb');
    const steps = await scrollSteps(frame, 60);
    await workbench.runCommand('TileScope: Go to Coordinate');
    await workbench.type(String(Math.floor(lines / 2)));
    await frame.locator('#grid .unreadable').first().waitFor();
    await workbench.screenshot('pages-10gb-hole');
    await frame.locator('#grid').focus();
    await workbench.page.keyboard.press('Control+End');
    await frame.locator(`#line${lines - 1} .values`).waitFor();
    await workbench.screenshot('pages-10gb-end');
    const { height } = (await frame.locator('#track').boundingBox())!;
    await frame.locator('#track').click({ position: { x: 5, y: Math.floor(height / 4) } });
    const quarter = (await topLine(frame)) / lines;
    assert.ok(quarter > 0.2 && quarter < 0.3, String(quarter));
    console.log(`      10 GB: from the key to the first decoded row ${whole.toFixed(0)} ms; from the beginning of its page ${await firstRows(frame)}; scroll steps ${steps}`);
    fs.rmSync(folder.file('psum.txt'));

    writePsums(folder.file('big.txt'), Math.floor((200 * 2 ** 20) / 129));
    const start = performance.now();
    const big = await open(workbench, 'big.txt');
    const shown = performance.now() - start;
    const page = await firstRows(big);
    console.log(`      200 MB: from the key to the first decoded row ${shown.toFixed(0)} ms, from the beginning of its page ${page}; scroll steps ${await scrollSteps(big, 60)}`);
  });
});

/** What axe finds in the page as it stands. */
async function faults(frame: Frame): Promise<string[]> {
  await frame.evaluate(fs.readFileSync(path.join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const { violations } = await frame.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary ?? ''}`));
}

interface BrowserScope {
  readonly document: { getElementById(id: string): { dispatchEvent(event: unknown): void; getBoundingClientRect(): unknown } };
  readonly WheelEvent: new (type: string, init: object) => unknown;
  requestAnimationFrame(callback: () => void): void;
}

/** The time that a turn of the wheel takes the page, drawing and layout included. */
async function scrollSteps(frame: Frame, count: number): Promise<string> {
  const times = await frame.evaluate(async (steps) => {
    const scope = globalThis as unknown as BrowserScope;
    const grid = scope.document.getElementById('grid');
    const found: number[] = [];
    for (let i = 0; i < steps; i++) {
      const start = performance.now();
      grid.dispatchEvent(new scope.WheelEvent('wheel', { deltaY: 120, bubbles: true, cancelable: true }));
      grid.getBoundingClientRect();
      found.push(performance.now() - start);
      await new Promise<void>((resolve) => { scope.requestAnimationFrame(resolve); });
    }
    return found.sort((a, b) => a - b);
  }, count);
  return `median ${times[Math.floor(times.length / 2)]!.toFixed(1)} ms, worst ${times.at(-1)!.toFixed(1)} ms`;
}

/** The time from the beginning of the page to the frame that shows the first rows. */
async function firstRows(frame: Frame): Promise<string> {
  const ms = await frame.evaluate(() => performance.getEntriesByName('tilescope-rows')[0]?.startTime ?? Number.NaN);
  return `${ms.toFixed(0)} ms`;
}
