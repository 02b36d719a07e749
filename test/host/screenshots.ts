// Makes the screenshots of README and docs in a real VS Code:  node out/test/host/screenshots.js [golden | check]
import fs from 'node:fs';
import path from 'node:path';
import { testFolder } from '../unit/support/workspace';
import { ROOT } from './paths';
import { Window, exampleFolder } from './window';
import type { Workbench } from './workbench';

const IMAGES = path.join(ROOT, 'docs/images');

const SETTLE_MS = 1500;
const SET = 'golden/conv5/golden/Part1';
const THEMES = { dark: 'Default Dark Modern', light: 'Default Light Modern', contrast: 'Default High Contrast', 'contrast-light': 'Default High Contrast Light' };

async function main(wanted: string | undefined): Promise<void> {
  if (wanted !== 'check') await golden();
  if (wanted !== 'golden') await crossCheck();
}

async function golden(): Promise<void> {
  const window = await Window.start({ 'workbench.colorTheme': THEMES.dark }, { width: 1600, height: 900 });
  try {
    const folder = exampleFolder('tilescope.json', 'model.onnx', 'images.npy');
    await generated(await window.open(folder.path, 'tilescope.json'));
    for (const [name, theme] of Object.entries(THEMES)) {
      folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': theme }));
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
      folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': THEMES[name] }));
      folder.write('tilescope.json', JSON.stringify({ layers: [], checks: ['psum', 'psum_good'].map((dump) => ({ name: `${dump} memory`, golden: 'psum.txt', dump: `sim/${dump}.memh` })) }, null, 2));
      await checked(await window.open(folder.path, 'tilescope.json'), name);
    }
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

void main(process.argv[2]);
