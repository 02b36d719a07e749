import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../host/paths';
import { THEMES } from '../host/windowThemes';
import type { ThemeName } from '../host/windowThemes';
import { Window } from '../host/window';
import type { Workbench } from '../host/workbench';
import type { TestFolder } from '../unit/support/workspace';
import { testFolder } from '../unit/support/workspace';

const CHECKS = { layers: [], checks: [{ name: 'psum memory', golden: 'psum.txt', dump: 'sim/psum.memh' }, { name: 'psum of the good run', golden: 'psum.txt', dump: 'sim/psum_good.memh' }] };

/** Cross-checks as a user sees them, in the installed extension. */
describe('VS Code window: cross-check', function () {
  this.timeout(120_000);
  let window: Window;

  before(async () => {
    window = await Window.start({}, { width: 1600, height: 900 });
  });

  after(() => window.stop());

  function folderOf(theme: ThemeName): TestFolder {
    const folder = testFolder();
    fs.cpSync(path.join(ROOT, 'test/fixtures/check'), folder.path, { recursive: true });
    folder.write('tilescope.json', JSON.stringify(CHECKS, null, 2));
    folder.write('.vscode/settings.json', JSON.stringify({ 'workbench.colorTheme': THEMES[theme].label }));
    return folder;
  }

  async function checked(workbench: Workbench): Promise<void> {
    await workbench.runCommand('TileScope: Cross-check RTL Dump');
    await workbench.untilAsked('What the simulation wrote');
    await workbench.pick('psum.memh');
    await workbench.untilAsked('What psum.memh is compared with');
    await workbench.screenshot('check-choices');
    await workbench.pick('psum.txt');
  }

  it('command, message, diff, next mismatch, hover, Problems, report', async () => {
    const folder = folderOf('dark');
    const workbench = await window.open(folder.path, 'psum.txt');
    await checked(workbench);
    const message = await workbench.waitForNotification('psum: 1422 of 2592 words differ');
    assert.match(await message.innerText(), /Cause: every entry stands 1 address too high, over the whole dump \(explains 1422 of 1422\)/);
    await workbench.screenshot('check-message');
    await message.getByText('Open Diff').click();
    await workbench.page.locator('.tab.active', { hasText: 'psum.txt ↔ psum.memh · 1422 of 2592 differ' }).waitFor();
    await workbench.page.locator('.editor.modified .view-line', { hasText: 'cause: every entry' }).waitFor();
    await workbench.statusBarItem('psum 1422/2592 differ');
    for (const theme of ['light', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`check-diff-${theme}`);
    }
    const at = async (): Promise<string> => (await workbench.statusBarItem(/Ln \d+, Col \d+/)).innerText();
    const start = await at();
    await workbench.page.locator('.editor.modified .view-line', { hasText: 'cause: every entry' }).click();
    await workbench.page.keyboard.press('F7');
    await workbench.statusBarItem('Mismatch 1 of 1422 · kij 0 (0,0) · nij 0 (0,0) · col 7');
    await workbench.page.keyboard.press('F7');
    await workbench.statusBarItem('Mismatch 2 of 1422');
    assert.notEqual(await at(), start);
    for (let i = 3; i < 12; i++) {
      await workbench.page.keyboard.press('F7');
      await workbench.statusBarItem(`Mismatch ${i} of 1422`);
    }
    await workbench.statusBarItem('Mismatch 11 of 1422');
    const hover = await workbench.hoverAtCursor();
    await hover.filter({ hasText: 'Open raw line: golden psum.txt' }).waitFor();
    await workbench.screenshot('check-hover');
    await workbench.page.keyboard.press('Shift+F7');
    await workbench.statusBarItem('Mismatch 10 of 1422');
    await workbench.runCommand('TileScope: Open Report of a Check');
    await workbench.page.locator('.view-line', { hasText: 'Causes' }).first().waitFor();
    await workbench.screenshot('check-report');
    const rows = await workbench.problems('First of 1422 words that differ');
    assert.ok(rows.some((row) => /address-shift/.test(row)), rows.join('\n'));
    await workbench.openFile('sim/psum.memh');
    await workbench.screenshot('check-problems');
    await workbench.goTo(3, 1);
    await workbench.runCommand('TileScope: Next Mismatch');
    await workbench.screenshot('check-raw');
    await workbench.statusBarItem(/Mismatch \d+ of 1422/);
  });

  it('the Test Explorer runs the checks, and shows the failed one with its cause', async () => {
    const folder = folderOf('dark');
    const workbench = await window.open(folder.path, 'tilescope.json');
    await workbench.runCommand('Test: Run All Tests');
    await workbench.runCommand('Testing: Focus on Test Explorer View');
    const rows = workbench.page.locator('.test-explorer .monaco-list-row');
    await rows.filter({ hasText: 'tilescope.json' }).first().waitFor();
    await rows.filter({ hasText: 'tilescope.json' }).first().locator('.monaco-tl-twistie').click();
    await rows.filter({ hasText: 'psum of the good run' }).waitFor();
    await rows.filter({ hasText: 'psum memory' }).waitFor();
    await workbench.statusBarItem('psum 1422/2592 differ');
    await rows.filter({ hasText: 'psum memory' }).locator('.codicon-testing-failed-icon').waitFor();
    await rows.filter({ hasText: 'psum of the good run' }).locator('.codicon-testing-passed-icon').waitFor();
    await rows.filter({ hasText: 'psum memory' }).click();
    await workbench.page.waitForTimeout(1500);
    for (const theme of ['light', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`check-tests-${theme}`);
    }
  });

  it('a dump of 16 MB that differs everywhere: a diff of the first lines, and the counts of all', async () => {
    const folder = folderOf('dark');
    const lines = 1 << 17;
    const word = (line: number, offset: number): string => Array.from({ length: 8 }, (_, col) => ((((line * 8 + col) * 7919 + offset) % 601) & 0xffff).toString(2).padStart(16, '0')).join('');
    for (const [name, offset] of [['large/out.txt', 0], ['large/out_rtl.txt', 1]] as const) folder.write(name, Array.from({ length: lines }, (_, line) => `${word(line, offset)}\n`).join(''));
    folder.write('tilescope.json', JSON.stringify({ layers: [], checks: [{ name: 'large', golden: 'large/out.txt', kind: 'out', dump: 'large/out_rtl.txt' }] }));
    const workbench = await window.open(folder.path, 'tilescope.json');
    await workbench.runCommand('TileScope: Cross-check RTL Dump');
    await workbench.untilAsked('What the simulation wrote');
    await workbench.pick('out_rtl.txt');
    await workbench.untilAsked('What out_rtl.txt is compared with');
    await workbench.pick('large');
    const start = performance.now();
    const message = await workbench.waitForNotification('of 1048576 words differ');
    const compared = performance.now();
    await message.getByText('Open Diff').click();
    await workbench.page.locator('.editor.modified .view-line', { hasText: 'of 1048576 differ' }).waitFor();
    const shown = performance.now();
    await workbench.page.locator('.editor.modified .char-insert, .editor.modified .line-insert').first().waitFor();
    console.log(`      16 MB against 16 MB: compared in ${Math.round(compared - start)} ms, shown in ${Math.round(shown - compared)} ms, coloured in ${Math.round(performance.now() - compared)} ms`);
    await workbench.screenshot('check-large');
  });
});
