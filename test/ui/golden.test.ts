import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { THEMES, THEME_NAMES } from '../host/windowThemes';
import type { ThemeName } from '../host/windowThemes';
import { Window, generatedExample } from '../host/window';
import type { Workbench } from '../host/workbench';
import type { TestFolder } from '../unit/support/workspace';
import { testFolder } from '../unit/support/workspace';

const SET = 'golden/conv5/golden/Part1';
const DRAWN_MS = 60_000;

/** Golden files as a user sees them: drawn, hovered, folded, listed, in the installed extension. */
describe('VS Code window: golden files', function () {
  this.timeout(120_000);
  let window: Window;

  before(async () => {
    window = await Window.start({}, { width: 1600, height: 900 });
  });

  after(() => window.stop());

  /** The example with the sets of its entries, in a theme. */
  function example(theme: ThemeName, ...entries: string[]): TestFolder {
    const folder = generatedExample(...entries);
    folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': THEMES[theme].label }));
    return folder;
  }

  /** What is drawn after a line that contains `text`, as the browser has it, once it is like `expected`. */
  async function drawn(workbench: Workbench, text: string, expected = /\S/): Promise<void> {
    const end = Date.now() + DRAWN_MS;
    for (;;) {
      const found = (await workbench.page.evaluate(afterContents, text))?.replaceAll('\u00a0', ' ');
      if (found !== undefined && expected.test(found)) return;
      if (Date.now() > end) throw new Error(`Beside ${text} stands ${found ?? 'nothing'}, not ${String(expected)}`);
      await workbench.page.waitForTimeout(50);
    }
  }

  describe('in the themes', () => {
    let folder: TestFolder;
    let workbench: Workbench;

    before(async () => {
      folder = generatedExample('conv5');
      workbench = await window.open(folder.path, `${SET}/out.txt`);
    });

    for (const theme of THEME_NAMES) {
      it(`${theme}: values beside the lines, tints, legend, hover`, async () => {
        await workbench.setTheme(theme);
        await workbench.openFile(`${SET}/out.txt`);
        await workbench.statusBarItem('8 x int16 · cols 7..0 · 3 header');
        await drawn(workbench, '#time0co7', /8 x int16 · out · oc tile 0 · cols 7\.\.0 · \(0\) cut by ReLU/);
        await workbench.screenshot(`golden-out-${theme}`);
        await workbench.openFile(`${SET}/activation_tile0.txt`);
        await workbench.statusBarItem('8 x uint4 · rows 7..0 · 3 header');
        await drawn(workbench, '#time0row7');
        await workbench.goTo(14, 6);
        const hover = await workbench.hoverAtCursor();
        await hover.filter({ hasText: 'nij 10 (1,4)' }).waitFor();
        await workbench.screenshot(`golden-activation-${theme}`);
        await workbench.openFile('golden/conv5/psum.txt');
        await drawn(workbench, '#time0co7');
        await workbench.goTo(20, 20);
        await (await workbench.hoverAtCursor()).filter({ hasText: 'activation · weight of rows' }).waitFor();
        await workbench.screenshot(`golden-psum-${theme}`);
      });
    }
  });

  it('the mode is cycled from the editor title', async () => {
    const folder = example('dark', 'conv5');
    const workbench = await window.open(folder.path, `${SET}/weight_itile0_otile0_kij3.txt`);
    await drawn(workbench, '#col0row7');
    const button = workbench.page.locator('.editor-actions .action-label[aria-label*="Cycle Golden File Decorations"]');
    await button.click();
    await workbench.statusBarItem('TileScope decorations: off');
    await workbench.page.locator('.view-line', { hasText: 'int4' }).waitFor({ state: 'detached' });
    await workbench.screenshot('golden-off');
    await button.click();
    await workbench.statusBarItem('TileScope decorations: decoded values');
    await drawn(workbench, '#col0row7');
    await workbench.screenshot('golden-values');
    await button.click();
    await workbench.statusBarItem('decoded values and tint');
  });

  it('the status bar offers other readings and remembers the choice for files named alike', async () => {
    const folder = testFolder();
    const from = example('dark', 'conv5');
    for (const kij of [0, 1, 2]) fs.copyFileSync(from.file(`${SET}/weight_itile0_otile0_kij${kij}.txt`), folder.file(`weight_itile0_otile0_kij${kij}.txt`));
    folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': THEMES.dark.label }));
    const workbench = await window.open(folder.path, 'weight_itile0_otile0_kij1.txt');
    await (await workbench.statusBarItem('8 x int4 · rows 7..0 · 3 header')).click();
    await workbench.untilAsked('For all files named weight_itile*_otile*_kij*.txt');
    await workbench.screenshot('golden-readings');
    await workbench.pick('Other layout');
    await workbench.untilAsked('What the file holds');
    await workbench.pick('weight');
    await workbench.untilAsked('Bits of a word');
    await workbench.type('2');
    await workbench.untilAsked('Sign');
    await workbench.pick('unsigned');
    await workbench.untilAsked('Order of lines and words');
    await workbench.screenshot('golden-order');
    await workbench.pick('words rows 15..0');
    await workbench.statusBarItem('16 x uint2 · rows 15..0 · 3 header');
    await workbench.openFile('weight_itile0_otile0_kij2.txt');
    await workbench.statusBarItem('16 x uint2 · rows 15..0 · 3 header');
  });

  it('Vector Sets in the Explorer: layers, kinds, a missing file, a copy', async () => {
    const folder = example('dark', 'conv5', 'conv3');
    fs.rmSync(folder.file(`${SET}/weight_itile0_otile0_kij4.txt`));
    for (const kij of [0, 1, 3, 4]) fs.copyFileSync(folder.file(`${SET}/weight_itile0_otile0_kij${kij === 1 ? 0 : kij === 4 ? 5 : kij}.txt`), folder.write(`handmade/weight_kij${kij}.txt`, ''));
    fs.copyFileSync(folder.file(`${SET}/activation_tile0.txt`), folder.file('handmade/activation.txt'));
    const workbench = await window.open(folder.path, `${SET}/out.txt`);
    await workbench.runCommand('Explorer: Focus on Vector Sets View');
    await workbench.page.locator('.pane-header', { hasText: path.basename(folder.path) }).click();
    const rows = workbench.page.locator('.pane', { has: workbench.page.locator('.pane-header', { hasText: 'Vector Sets' }) }).locator('.monaco-list-row');
    await rows.filter({ hasText: 'handmade' }).first().click();
    await rows.filter({ hasText: /^weight4 of 5$/ }).click();
    await rows.filter({ hasText: 'weight_kij1.txt · same content as weight_kij0.txt' }).waitFor();
    await rows.filter({ hasText: 'weight_kij2.txt · missing' }).waitFor();
    await rows.filter({ hasText: 'conv5' }).first().click();
    await rows.filter({ hasText: /^weight17 of 18$/ }).click();
    await rows.filter({ hasText: 'weight_itile0_otile0_kij4.txt · missing' }).waitFor();
    await workbench.screenshot('golden-sets');
    await rows.filter({ hasText: 'handmade' }).first().waitFor();
    await rows.filter({ hasText: 'kij 3' }).last().click();
    await workbench.page.locator('.tab.active', { hasText: 'kij3.txt' }).waitFor();
  });

  it('breadcrumbs, sticky scroll and folding by kij; scrolling draws what comes into view', async () => {
    const folder = testFolder();
    folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': THEMES.dark.label }));
    const row = (line: number): string => Array.from({ length: 8 }, (_, word) => ((((line * 8 + word) * 7919) % 601) - 300) & 0xffff).map((value) => value.toString(2).padStart(16, '0')).join('');
    folder.write('psum.txt', `#time0col7[msb-lsb],....,time0col0[msb-lsb]#\n#time1col7[msb-lsb]#\n#....#\n${Array.from({ length: 2601 }, (_, line) => row(line)).join('\n')}\n`);
    const workbench = await window.open(folder.path, 'psum.txt');
    await drawn(workbench, '#time0col7');
    await workbench.runCommand('TileScope: Go to Coordinate');
    await workbench.untilAsked('kij 4 nij 14 col 7');
    await workbench.type('kij 4 nij 100 col 3');
    await workbench.statusBarItem(/Ln 1260, Col 65/);
    await workbench.page.locator('.monaco-breadcrumb-item', { hasText: 'kij 4 (1,1)' }).waitFor();
    await drawn(workbench, row(4 * 289 + 100), /kij 4 \(1,1\) nij 100/);
    await workbench.screenshot('golden-psum-large');
    await printScrollTimes(workbench, 'a psum file of 2604 lines');
    await workbench.goTo(4, 1);
    await workbench.runCommand('Fold All');
    await workbench.page.locator('.view-line', { hasText: row(289) }).waitFor();
    await workbench.screenshot('golden-folded');
  });

  it('a file of 20 MB: decorated in view, scrolled, typed into', async () => {
    const folder = testFolder();
    folder.write('psum.txt', psumOfBytes(20 * 2 ** 20));
    folder.write('psum_short.txt', `#\n#\n${psumOfBytes(2000)}`);
    // The search for files of ours, which starts the extension, is given up after 7 s: this file holds it up on a busy machine
    const workbench = await window.open(folder.path, 'psum_short.txt');
    await workbench.statusBarItem('8 x int16 · cols 7..0 · 3 header');
    await workbench.openFile('psum.txt');
    await workbench.statusBarItem('8 x int16 · cols 7..0 · 1 header');
    await workbench.goTo(150_000, 1);
    await workbench.page.waitForFunction(allDrawn);
    await printScrollTimes(workbench, 'a file of 20 MB');
    await workbench.goTo(100_000, 1);
    await workbench.page.waitForFunction(allDrawn);
    const times: number[] = [];
    for (const digit of '0110') {
      const start = performance.now();
      await workbench.page.keyboard.press(`Shift+ArrowRight`);
      await workbench.page.keyboard.type(digit);
      await workbench.page.waitForFunction(allDrawn, undefined, { polling: 5 });
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    console.log(`      A digit typed into a file of 20 MB until its line is drawn again: median ${times[2]!.toFixed(0)} ms, worst ${times.at(-1)!.toFixed(0)} ms`);
    await workbench.screenshot('golden-20mb');
  });

  it('a file of more than 50 MB: a hint, once, that can be silenced', async () => {
    const folder = testFolder();
    folder.write('psum.txt', '');
    folder.write('notes.txt', 'free text\n');
    fs.writeFileSync(folder.file('psum.txt'), '0'.repeat(128).concat('\n').repeat(Math.ceil((51 * 2 ** 20) / 129)));
    const workbench = await window.open(folder.path, 'psum.txt');
    await workbench.statusBarItem('Too large to decode here');
    const hint = await workbench.waitForNotification('psum.txt has 52 MB: VS Code shows extensions no file of more than 50 MB');
    await workbench.screenshot('golden-too-large');
    await hint.getByText("Don't Show Again").click();
    await workbench.openFile('notes.txt');
    await workbench.page.locator('.part.statusbar .statusbar-item', { hasText: 'Too large' }).waitFor({ state: 'hidden' });
    await workbench.openFile('psum.txt');
    await workbench.statusBarItem('Too large to decode here');
    assert.equal(await workbench.page.locator('.notification-toast', { hasText: 'psum.txt has' }).count(), 0);
    await (await workbench.statusBarItem('Too large to decode here')).click();
    await workbench.webview('#grid .row.data');
  });

  it('the uses of a word are a click away in its hover', async () => {
    const folder = example('dark', 'conv5');
    const workbench = await window.open(folder.path, `${SET}/activation_tile0.txt`);
    await drawn(workbench, '#time0row7');
    await workbench.goTo(18, 2);
    await workbench.statusBarItem('8 x uint4 · rows 7..0 · 3 header');
    await (await workbench.hoverAtCursor()).getByText('All uses: 8 psum words').click();
    await workbench.page.locator('.peekview-widget', { hasText: 'psum.txt' }).waitFor();
    await workbench.page.locator('.peekview-widget .monaco-list-row', { hasText: /^[01]+$/ }).first().waitFor();
    await workbench.screenshot('golden-uses');
  });
});

/** A psum file of so many bytes, all kij of it unknown. */
function psumOfBytes(bytes: number): string {
  const rows = Array.from({ length: 601 }, (_, line) => Array.from({ length: 8 }, (__, word) => ((((line * 8 + word) * 7919) % 601) - 300 + 65536).toString(2).slice(-16)).join(''));
  const header = '#time0col7[msb-lsb],....,time0col0[msb-lsb]#\n';
  return header + Array.from({ length: Math.floor((bytes - header.length) / 129) }, (_, line) => `${rows[line % 601]!}\n`).join('');
}

/** Prints how long after Page Down the values of the lowest line are drawn. */
async function printScrollTimes({ page }: Workbench, what: string): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const before = await page.evaluate(topLine);
    const start = performance.now();
    await page.keyboard.press('PageDown');
    await page.waitForFunction(allDrawnBelow, before, { polling: 5 });
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(`      Page Down in ${what} until all values in view are drawn: median ${times[10]!.toFixed(0)} ms, worst ${times.at(-1)!.toFixed(0)} ms`);
}

/** Runs in the page: the number of the first line in view. */
function topLine(): string {
  const { document } = globalThis as unknown as { document: { querySelectorAll(selector: string): Iterable<{ textContent: string }> } };
  return String(Math.min(...[...document.querySelectorAll('.editor-instance .line-numbers')].map(({ textContent }) => Number(textContent)).filter((number) => number > 0)));
}

/** Runs in the page: another part of the file is in view, and all of it is drawn. */
function allDrawnBelow(before: string): boolean {
  const { document, getComputedStyle } = globalThis as unknown as { document: { querySelectorAll(selector: string): Iterable<{ textContent: string; querySelectorAll(selector: string): Iterable<object> }> }; getComputedStyle: (element: object, pseudo: string) => { content: string } };
  const top = Math.min(...[...document.querySelectorAll('.editor-instance .line-numbers')].map(({ textContent }) => Number(textContent)).filter((number) => number > 0));
  const lines = [...document.querySelectorAll('.editor-instance .lines-content .view-lines .view-line')];
  return String(top) !== before && lines.length > 20 && lines.every((line) => [...line.querySelectorAll('span')].some((span) => getComputedStyle(span, '::before').content.length > 20));
}

/** Runs in the page. */
function allDrawn(): boolean {
  const { document, getComputedStyle } = globalThis as unknown as { document: { querySelectorAll(selector: string): Iterable<{ querySelectorAll(selector: string): Iterable<object> }> }; getComputedStyle: (element: object, pseudo: string) => { content: string } };
  const lines = [...document.querySelectorAll('.editor-instance .lines-content .view-lines .view-line')];
  return lines.length > 20 && lines.every((line) => [...line.querySelectorAll('span')].some((span) => getComputedStyle(span, '::before').content.length > 20));
}

/** Runs in the page: what stands beside the first line that contains `text`. */
function afterContents(text: string): string | undefined {
  const { document, getComputedStyle } = globalThis as unknown as { document: { querySelectorAll(selector: string): Iterable<{ textContent: string; querySelectorAll(selector: string): Iterable<object> }> }; getComputedStyle: (element: object, pseudo: string) => { content: string } };
  for (const line of document.querySelectorAll('.view-line')) {
    if (!line.textContent.includes(text)) continue;
    const drawn = [...line.querySelectorAll('span')].flatMap((span) => ['::before', '::after'].map((pseudo) => getComputedStyle(span, pseudo).content)).filter((content) => content !== 'none' && content !== '');
    const own = line.textContent.replace(text, '');
    const found = [own, ...drawn].join('');
    if (found.trim() !== '') return found;
  }
  return undefined;
}
