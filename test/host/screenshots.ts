// Makes the screenshots of README and docs in a real VS Code:  node out/test/host/screenshots.js [golden | check | inspector]
import fs from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { parse as parseJsonc } from 'jsonc-parser';
import type { TestFolder } from '../unit/support/workspace';
import { testFolder } from '../unit/support/workspace';
import { ROOT } from './paths';
import { THEMES, type ThemeName } from './windowThemes';
import { Window, exampleFolder, generatedExample } from './window';
import type { Workbench } from './workbench';

const IMAGES = path.join(ROOT, 'docs/images');

const SETTLE_MS = 1500;
const SET = 'golden/conv5/golden/Part1';

async function main(wanted: string | undefined): Promise<void> {
  for (const [name, make] of Object.entries({ golden, check: crossCheck, inspector })) if (wanted === undefined || wanted === name) await make();
}

async function golden(): Promise<void> {
  const window = await Window.start({ 'workbench.colorTheme': THEMES.dark.label }, { width: 1600, height: 900 });
  try {
    const folder = exampleFolder('tilescope.json', 'model.onnx', 'images.npy');
    await generated(await window.open(folder.path, 'tilescope.json'));
    for (const [name, { label }] of Object.entries(THEMES)) {
      folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': label }));
      await inTheme(await window.open(folder.path, `${SET}/out.txt`), name);
    }
  } finally {
    await window.stop();
  }
}

/** A dump one address too high, in a dark and a light theme: message and diff, report, tests. */
async function crossCheck(): Promise<void> {
  const window = await Window.start({}, { width: 1600, height: 900 });
  try {
    for (const name of ['dark', 'light'] as const) {
      const folder = testFolder();
      fs.cpSync(path.join(ROOT, 'test/fixtures/check'), folder.path, { recursive: true });
      folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': THEMES[name].label }));
      folder.write('tilescope.json', JSON.stringify({ layers: [], checks: ['psum', 'psum_good'].map((dump) => ({ name: `${dump} memory`, golden: 'psum.txt', dump: `sim/${dump}.memh` })) }, null, 2));
      await checked(await window.open(folder.path, 'tilescope.json'), name);
    }
  } finally {
    await window.stop();
  }
}

/** A wrong word beside what should be, the array in play, and a layer's figures, each in another theme. */
async function inspector(): Promise<void> {
  const window = await Window.start({}, { width: 1400, height: 860 });
  const inTheme = async (theme: ThemeName, layer: string, checks: object[], plant?: (folder: TestFolder) => void): Promise<Workbench> => {
    const folder = generatedExample(layer);
    folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': THEMES[theme].label, 'workbench.sideBar.location': 'left' }));
    plant?.(folder);
    if (checks.length > 0) folder.write('tilescope.json', JSON.stringify({ ...(parseJsonc(folder.read('tilescope.json')) as object), checks }));
    return window.open(folder.path, 'tilescope.json');
  };
  const READOUT = '.panel-psums .readout.main';
  const open = async (workbench: Workbench, layer: string): Promise<Frame> => {
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.runCommand('TileScope: Open Inspector');
    await workbench.pick(layer);
    const frame = await workbench.webview(`#inspector ${READOUT}`);
    await frame.locator(READOUT).filter({ hasText: 'nij' }).waitFor();
    await frame.locator('ts-grid[data-grid=psums] .grid-scroll').focus();
    return frame;
  };
  try {
    const planted = await inTheme('dark', 'conv5', [{ name: 'psum memory', golden: 'golden/conv5/psum.txt', dump: 'psum_rtl.txt' }], (folder) => {
      const text = folder.read('golden/conv5/psum.txt').split('\n');
      // Three words of 16 bits with a wrong, and one with unknown bits
      for (const [nij, from, bits] of [[14, 76, '0110'], [20, 12, '1001'], [21, 92, '0101'], [27, 48, 'xxxx']] as const) text[3 + nij] = `${text[3 + nij]!.slice(0, from)}${bits}${text[3 + nij]!.slice(from + 4)}`;
      folder.write('psum_rtl.txt', text.join('\n'));
    });
    await planted.openFile('golden/conv5/psum.txt');
    let frame = await open(planted, 'conv5');
    await frame.getByRole('combobox', { name: 'Dump to compare with' }).click();
    await frame.getByRole('option', { name: 'psum memory' }).click();
    await frame.locator('.verdict.mismatch').waitFor();
    await frame.locator('ts-grid[data-grid=psums] .grid-scroll').focus();
    for (const key of ['n', 'd', 'd', 'd']) await planted.page.keyboard.press(key);
    await keepInspector(planted, 'inspector-tile');
    const playing = await inTheme('light', 'conv5', []);
    frame = await open(playing, 'conv5');
    for (const key of ['ArrowDown', 'ArrowDown', 'g', '>', '>', '.']) await playing.page.keyboard.press(key);
    await frame.locator('.array-view table').first().waitFor();
    await keepInspector(playing, 'inspector-array');
    const figures = await inTheme('contrast', 'conv3', []);
    frame = await open(figures, 'conv3');
    await figures.page.keyboard.press('3');
    await frame.getByRole('button', { name: 'Sweep Widths' }).click();
    await frame.getByText('This input: psums').waitFor();
    await keepInspector(figures, 'inspector-layer');
  } finally {
    await window.stop();
  }
}

async function checked(workbench: Workbench, theme: string): Promise<void> {
  await workbench.runCommand('TileScope: Cross-check RTL Dump');
  await workbench.untilAsked('What the simulation wrote');
  await workbench.pick('psum.memh');
  await workbench.untilAsked('What psum.memh is compared with');
  await workbench.pick('psum memory');
  await (await workbench.waitForNotification('words differ')).getByText('Open Diff').click();
  await workbench.page.locator('.editor.modified .view-line', { hasText: 'cause:' }).waitFor();
  await workbench.page.locator('.editor.modified .char-insert').first().waitFor();
  await keep(workbench, `check-diff-${theme}`);
  await workbench.runCommand('TileScope: Open Report of a Check');
  await workbench.page.locator('.view-line', { hasText: 'Causes' }).first().waitFor();
  await keep(workbench, `check-report-${theme}`);
  await workbench.problems('First of 1422 words that differ');
  await workbench.openFile('sim/psum.memh');
  await keep(workbench, `check-problems-${theme}`);
  await workbench.runCommand('Test: Run All Tests');
  await workbench.runCommand('Testing: Focus on Test Explorer View');
  const rows = workbench.page.locator('.test-explorer .monaco-list-row');
  await rows.filter({ hasText: 'tilescope.json' }).first().locator('.monaco-tl-twistie').click();
  await rows.filter({ hasText: 'psum_good memory' }).locator('.codicon-testing-passed-icon').waitFor();
  await rows.filter({ hasText: 'psum memory' }).click();
  await workbench.page.locator('.test-message, .test-output-peek, .peekview-widget').first().waitFor();
  await keep(workbench, `check-tests-${theme}`);
}

/** Outputs after ReLU above psums with their products, in one theme. */
async function inTheme(workbench: Workbench, name: string): Promise<void> {
  await workbench.runCommand('View: Close All Editors');
  await workbench.openFile(`${SET}/out.txt`);
  await workbench.runCommand('View: Split Editor Down');
  await workbench.openFile('golden/conv5/psum.txt');
  await workbench.statusBarItem('8 x int16 · cols 7..0 · 3 header');
  await workbench.goTo(20, 20);
  // A hover goes when lines move under it: let what was just scrolled to be drawn
  await workbench.page.waitForTimeout(SETTLE_MS);
  await (await workbench.hoverAtCursor()).filter({ hasText: 'activation · weight of rows' }).waitFor();
  await keep(workbench, `golden-${name}`);
}

/** A generated golden file beside the configuration that it was made from. */
async function generated(workbench: Workbench): Promise<void> {
  await workbench.runCommand('TileScope: Generate Vectors');
  await workbench.pick('conv5');
  await workbench.waitForNotification('Self-check passed.');
  await workbench.runCommand('View: Split Editor Right');
  await workbench.openFile('golden/conv5/golden/Part1/weight_itile0_otile0_kij4.txt');
  await keep(workbench, 'generate');
  await workbench.runCommand('View: Close All Editors');
  await workbench.openFile('golden/conv5/psum.txt');
  await workbench.goTo(20, 20);
  await workbench.hoverAtCursor();
  await keep(workbench, 'psum');
}

async function keep(workbench: Workbench, name: string): Promise<void> {
  fs.mkdirSync(IMAGES, { recursive: true });
  fs.copyFileSync(await workbench.screenshot(name), path.join(IMAGES, `${name}.png`));
}

/** The editor group that the inspector is in, and nothing around it. */
async function keepInspector({ page }: Workbench, name: string): Promise<void> {
  fs.mkdirSync(IMAGES, { recursive: true });
  await page.waitForTimeout(SETTLE_MS);
  const clip = await page.locator('.editor-group-container', { hasText: 'inspector' }).last().boundingBox();
  if (clip === null) throw new Error('the inspector is not in sight');
  await page.screenshot({ path: path.join(IMAGES, `${name}.png`), clip });
}

void main(process.argv[2]);
