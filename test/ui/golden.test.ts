import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Browser } from '../host/browser';
import { installFromSource, removeExtensions } from '../host/installVsix';
import { browserSetUp, vscodeSetUp } from '../host/setup';
import { VscodeServer } from '../host/vscodeServer';
import { Workbench } from '../host/workbench';
import { ROOT } from '../unit/support/fixtures';
import type { TestFolder } from '../unit/support/workspace';
import { removeTestFolders, testFolder } from '../unit/support/workspace';

const THEMES = { dark: 'Default Dark Modern', light: 'Default Light Modern', contrast: 'Default High Contrast' } as const;
const SET = 'golden/conv5/golden/Part1';

/** Golden files as a user sees them: drawn, hovered, folded, listed, in the installed extension. */
describe('VS Code window: golden files', function () {
  this.timeout(120_000);
  let server: VscodeServer;
  let browser: Browser;
  let extensions: string;

  before(async () => {
    (await browserSetUp()).setUpBrowser();
    extensions = installFromSource();
    server = await VscodeServer.start({ host: (await vscodeSetUp()).setUpVscode(), extensionsDir: extensions, settings: { 'editor.wordWrap': 'off' } });
    browser = await Browser.launch({ width: 1600, height: 900 });
  });

  after(async () => {
    await browser.close();
    await server.stop();
    removeExtensions(extensions);
    removeTestFolders();
  });

  /** The example with the sets of its entries, in a theme. */
  function example(theme: keyof typeof THEMES, ...entries: string[]): TestFolder {
    const folder = testFolder();
    for (const name of ['tilescope.json', 'model.onnx', 'images.npy']) fs.copyFileSync(path.join(ROOT, 'examples/digits', name), folder.file(name));
    folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': THEMES[theme] }));
    for (const entry of entries) execFileSync(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'generate', entry], { cwd: folder.path });
    return folder;
  }

  /** What is drawn after a line that contains `text`, as the browser has it. */
  async function drawn(workbench: Workbench, text: string): Promise<string> {
    await workbench.page.waitForFunction(afterContents, text);
    return (await workbench.page.evaluate(afterContents, text))!.replaceAll('\u00a0', ' ');
  }

  for (const theme of ['dark', 'light', 'contrast'] as const) {
    it(`${theme}: values beside the lines, tints, legend, hover`, async () => {
      const folder = example(theme, 'conv5');
      const workbench = await Workbench.open(browser, server, folder.path, { file: `${SET}/out.txt` });
      await workbench.statusBarItem('8 x int16 · cols 7..0 · 3 header');
      assert.match(await drawn(workbench, '#time0co7'), /8 x int16 · out · oc tile 0 · cols 7\.\.0 · \(0\) cut by ReLU/);
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

  it('the mode is cycled from the editor title', async () => {
    const folder = example('dark', 'conv5');
    const workbench = await Workbench.open(browser, server, folder.path, { file: `${SET}/weight_itile0_otile0_kij3.txt` });
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
    folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': THEMES.dark }));
    const workbench = await Workbench.open(browser, server, folder.path, { file: 'weight_itile0_otile0_kij1.txt' });
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
    const workbench = await Workbench.open(browser, server, folder.path, { file: `${SET}/out.txt` });
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
    folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': THEMES.dark }));
    const row = (line: number): string => Array.from({ length: 8 }, (_, word) => ((((line * 8 + word) * 7919) % 601) - 300) & 0xffff).map((value) => value.toString(2).padStart(16, '0')).join('');
    folder.write('psum.txt', `#time0col7[msb-lsb],....,time0col0[msb-lsb]#\n#time1col7[msb-lsb]#\n#....#\n${Array.from({ length: 2601 }, (_, line) => row(line)).join('\n')}\n`);
    const workbench = await Workbench.open(browser, server, folder.path, { file: 'psum.txt' });
    await drawn(workbench, '#time0col7');
    await workbench.runCommand('TileScope: Go to Coordinate');
    await workbench.untilAsked('kij 4 nij 14 col 7');
    await workbench.type('kij 4 nij 100 col 3');
    await workbench.statusBarItem(/Ln 1260, Col 65/);
    await workbench.page.locator('.monaco-breadcrumb-item', { hasText: 'kij 4 (1,1)' }).waitFor();
    assert.match(await drawn(workbench, row(4 * 289 + 100)), /kij 4 \(1,1\) nij 100/);
    await workbench.screenshot('golden-psum-large');
    await printScrollTimes(workbench);
    await workbench.goTo(4, 1);
    await workbench.runCommand('Fold All');
    await workbench.page.locator('.view-line', { hasText: row(289) }).waitFor();
    await workbench.screenshot('golden-folded');
  });
});

/** Prints how long after Page Down the values of the lowest line are drawn. */
async function printScrollTimes({ page }: Workbench): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    await page.keyboard.press('PageDown');
    await page.waitForFunction(allDrawn, undefined, { polling: 5 });
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(`      Page Down until all values in view are drawn: median ${times[10]!.toFixed(0)} ms, worst ${times.at(-1)!.toFixed(0)} ms`);
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
