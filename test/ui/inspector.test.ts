import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';
import { writeNpy } from '../../src/model/npy';
import { ROOT } from '../host/paths';
import { THEMES, THEME_NAMES } from '../host/windowThemes';
import { Window, generatedExample } from '../host/window';
import type { Workbench } from '../host/workbench';
import type { TestFolder } from '../unit/support/workspace';
import { testFolder } from '../unit/support/workspace';

const PSUM = 'golden/conv5/psum.txt';
const HEADER = 3;
/** What the page says of the selected psum. */
const READOUT = '.panel-psums .readout.main';

/** The inspector in the installed extension, with its own thread and its own page. */
describe('VS Code window: inspector', function () {
  this.timeout(180_000);
  let window: Window;

  before(async () => {
    window = await Window.start({}, { width: 1600, height: 900 });
  });

  after(() => window.stop());

  /** The psum of a line and column of the golden file, columns 7..0 of 16 bits. */
  const goldenPsum = (folder: string, nij: number, col: number): number => {
    const line = fs.readFileSync(path.join(folder, PSUM), 'utf8').split('\n')[HEADER + nij]!;
    const code = parseInt(line.slice((7 - col) * 16, (8 - col) * 16), 2);
    return code >= 1 << 15 ? code - (1 << 16) : code;
  };
  const shown = (value: number): string => (value < 0 ? `−${-value}` : String(value));

  async function opened(workbench: Workbench, layer: string): Promise<Frame> {
    await workbench.runCommand('TileScope: Open Inspector');
    await workbench.pick(layer);
    return inspected(workbench);
  }

  async function inspected(workbench: Workbench): Promise<Frame> {
    const frame = await workbench.webview(`#inspector ${READOUT}`);
    await frame.locator(READOUT).filter({ hasText: 'nij' }).waitFor();
    return frame;
  }

  const readout = async (frame: Frame, text: string | RegExp): Promise<string> => {
    const element = frame.locator(READOUT).filter({ hasText: text });
    await element.waitFor();
    return (await element.innerText()).replaceAll(/\s+/g, ' ');
  };

  async function faults(frame: Frame): Promise<string[]> {
    await frame.evaluate(fs.readFileSync(path.join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8'));
    const { violations } = await frame.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${JSON.stringify(target)}`));
  }

  describe('a layer beside its golden file', () => {
    let folder: TestFolder;
    let workbench: Workbench;
    let frame: Frame;

    it('links from and to its golden file', async () => {
      folder = generatedExample('conv5');
      workbench = await window.open(folder.path, 'tilescope.json');
      frame = await opened(workbench, 'conv5');
      await workbench.page.locator('.editor-group-container .tab', { hasText: 'conv5 · inspector' }).waitFor();
      // Beside the configuration: its group shows the file
      await workbench.page.locator('.tab', { hasText: 'tilescope.json' }).first().click();
      await workbench.openFile(PSUM);
      for (const [nij, col] of [[7, 7], [14, 3], [22, 0]] as const) {
        await workbench.goTo(HEADER + nij + 1, (7 - col) * 16 + 2);
        const text = await readout(frame, new RegExp(`nij ${nij}\\b.*col ${col}\\b`));
        assert.ok(text.startsWith(`${shown(goldenPsum(folder.path, nij, col))} `), `${text}, but the file holds ${goldenPsum(folder.path, nij, col)}`);
      }
      await frame.locator('ts-grid[data-grid=psums] .grid-scroll').focus();
      await workbench.page.keyboard.press('ArrowUp');
      await readout(frame, /nij 21\b/);
      await workbench.page.keyboard.press('Enter');
      await workbench.page.keyboard.press('g');
      // The status bar tells of the editor that has the focus
      await workbench.page.locator('.tab', { hasText: 'psum.txt' }).first().click();
      await workbench.statusBarItem(`Ln ${HEADER + 21 + 1}, Col ${7 * 16 + 1} (16 selected)`);
    });

    for (const name of THEME_NAMES) {
      it(`${name}: drawn in the colours of the theme, without faults of accessibility`, async () => {
        await workbench.setTheme(name);
        await frame.locator(`body.${THEMES[name].pageClass}`).waitFor();
        await frame.evaluate(press('1'));
        await frame.locator(READOUT).waitFor();
        await workbench.screenshot(`inspector-${name}`);
        assert.deepEqual(await faults(frame), []);
        await frame.evaluate(press('2'));
        await frame.locator('.array-view .readout').first().waitFor();
        await workbench.screenshot(`inspector-array-${name}`);
        assert.deepEqual(await faults(frame), []);
      });
    }
  });

  it('a planted fault is shown beside what should be, from its mark in the golden file', async () => {
    const folder = generatedExample('conv5');
    const lines = fs.readFileSync(folder.file(PSUM), 'utf8').split('\n');
    const [nij, col] = [14, 3];
    const at = (7 - col) * 16 + 15;
    const line = lines[HEADER + nij]!;
    folder.write('psum_rtl.txt', lines.with(HEADER + nij, `${line.slice(0, at)}${line[at] === '0' ? '1' : '0'}${line.slice(at + 1)}`).join('\n'));
    folder.write('tilescope.json', JSON.stringify({ layers: [], checks: [{ name: 'planted', golden: PSUM, dump: 'psum_rtl.txt' }] }));
    const workbench = await window.open(folder.path, PSUM);
    // Before they are found, none is run
    await workbench.runCommand('Testing: Focus on Test Explorer View');
    await workbench.page.locator('.test-explorer .monaco-list-row', { hasText: 'planted' }).or(workbench.page.locator('.test-explorer .monaco-list-row', { hasText: 'tilescope.json' })).first().waitFor();
    await workbench.runCommand('Test: Run All Tests');
    await workbench.statusBarItem(/1\/288 differ/);
    await workbench.page.locator('.codelens-decoration a', { hasText: 'Show in Inspector' }).first().click();
    const frame = await inspected(workbench);
    await frame.locator('.verdict.mismatch', { hasText: '1 of 288' }).waitFor();
    const text = await readout(frame, new RegExp(`nij ${nij}\\b.*col ${col}\\b`));
    const expected = goldenPsum(folder.path, nij, col);
    assert.ok(text.startsWith(`${shown(expected)} `) && text.includes(shown(expected + (line[at] === '0' ? 1 : -1))), text);
    await workbench.screenshot('inspector-mismatch');
  });

  it('after a reload it shows the same value', async () => {
    const folder = generatedExample('conv5');
    // Without a file in the address: one there is opened anew instead of what was open
    const workbench = await window.open(folder.path);
    const frame = await opened(workbench, 'conv5');
    await frame.locator('ts-grid[data-grid=psums] .grid-scroll').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', ']']) await workbench.page.keyboard.press(key);
    const before = await readout(frame, /nij 2\b/);
    await workbench.reload(/\bnij\W+2\b/);
    const after = await inspected(workbench);
    assert.equal(await readout(after, /nij 2\b/), before);
  });

  it('the lines that the player writes in a pass are those of the golden file', async () => {
    const folder = generatedExample('conv5');
    const workbench = await window.open(folder.path, 'tilescope.json');
    const frame = await opened(workbench, 'conv5');
    await frame.locator('ts-grid[data-grid=psums] .grid-scroll').focus();
    await workbench.page.keyboard.press('2');
    await frame.locator('.array-view table').first().waitFor();
    const cycles = Number(/\/ (\d+)/.exec(await frame.locator('.cycle').innerText())![1]);
    const seen = new Set<number>();
    for (let cycle = 1; cycle < cycles; cycle++) {
      await workbench.page.keyboard.press('.');
      await frame.locator('.cycle', { hasText: `cycle ${cycle} /` }).waitFor();
      const written = await frame.evaluate<{ caption: string; psums: string[] }>(WRITTEN_LINE);
      const nij = /is written \(nij (\d+)\)/.exec(written.caption)?.[1];
      if (nij === undefined) continue;
      seen.add(Number(nij));
      assert.deepEqual(written.psums, Array.from({ length: 8 }, (_, col) => shown(goldenPsum(folder.path, Number(nij), col))), `nij ${nij}`);
    }
    assert.equal(seen.size, 36);
    // Playing goes on into the next pass by itself
    await workbench.page.keyboard.press('Space');
    await frame.locator('.second', { hasText: 'pass 1 of 9' }).waitFor();
    await workbench.page.keyboard.press('Space');
    await workbench.screenshot('inspector-played');
  });

  it('a layer of 512 to 512 channels on 8x8: how long it takes to open, to show a psum and to sweep its widths', async () => {
    const folder = testFolder();
    folder.write('a.npy', writeNpy(Int8Array.from({ length: 512 * 14 * 14 }, (_, i) => (Math.imul(i, 2654435761) >>> 9) % 16), [512, 14, 14]));
    folder.write('w.npy', writeNpy(Int8Array.from({ length: 512 * 512 * 9 }, (_, i) => ((Math.imul(i, 2246822519) >>> 9) % 15) - 7), [512, 512, 3, 3]));
    const layer = { name: 'large', source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' }, convolution: { padding: 1 }, array: { rows: 8, cols: 8, psumBits: 24 }, output: 'golden' };
    folder.write('tilescope.json', JSON.stringify({ layers: [layer] }));
    const workbench = await window.open(folder.path, 'tilescope.json');
    await workbench.runCommand('TileScope: Open Inspector');
    await workbench.untilAsked('The layer to inspect');
    const start = performance.now();
    await workbench.page.keyboard.press('Enter');
    const frame = await inspected(workbench);
    const shownAfter = performance.now() - start;
    await frame.locator('ts-grid[data-grid=psums] .grid-scroll').focus();
    // Away from the zeros around the image
    for (const key of ['PageDown', 'PageDown', 'PageDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown']) await workbench.page.keyboard.press(key);
    await readout(frame, /nij 52\b/);
    const picks: number[] = [];
    for (const key of [']', ']', '}', '}', 'ArrowDown', 'ArrowDown']) {
      // As a person looks before pressing the next key
      await workbench.page.waitForTimeout(500);
      await frame.evaluate(WATCH_CHANGE);
      await workbench.page.keyboard.press(key);
      picks.push(Math.round(await frame.evaluate<number>('globalThis.changedAfter')));
    }
    const own = await threadTimes(folder.file('tilescope.json'));
    console.log(`      512x512x3x3 on 8x8: opened in ${Math.round(shownAfter)} ms from the choice, page included; key to value: ${picks.join(', ')} ms (kij, kij, tile, tile, nij, nij); the thread alone: ${own}`);
    assert.ok(picks.every((pick) => pick > 0));
    await workbench.screenshot('inspector-large');
    await workbench.page.keyboard.press('3');
    await frame.getByRole('button', { name: 'Sweep Widths' }).waitFor();
    assert.match(await frame.evaluate<string>(SWEEP_AND_CANCEL), /^Computing all psums [\d\u202f]+ of [\d\u202f]+$/);
    await frame.getByRole('button', { name: 'Sweep Widths' }).click();
    await frame.getByText('This input: psums').waitFor();
    await workbench.screenshot('inspector-swept');
  });
});

/** Runs in the page: the table of what leaves the array, its caption and last column. */
const WRITTEN_LINE = `(() => {
  const table = [...document.querySelectorAll('.array-view table')].find(({ caption }) => caption.textContent.startsWith('OFIFO'));
  return { caption: table.caption.textContent, psums: [...table.tBodies[0].rows].map(({ cells }) => cells[cells.length - 1].textContent) };
})()`;

/** Runs in the page: a key for it, wherever the focus is. */
const press = (key: string): string => `void document.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}', bubbles: true }))`;

/** Runs in the page: from the next key on, `changedAfter` is the milliseconds from it to a psum that is shown again. */
const WATCH_CHANGE = `void (globalThis.changedAfter = new Promise((resolve) => {
  const text = () => document.querySelector('${READOUT}')?.textContent ?? '';
  const before = text();
  document.addEventListener('keydown', (event) => {
    const look = () => {
      const now = text();
      if (now !== before && now.includes('nij')) resolve(performance.now() - event.timeStamp);
      else requestAnimationFrame(look);
    };
    look();
  }, { once: true, capture: true });
}))`;

/** Runs in the page: starts the sweep, gives it up when it tells how far it is, and says what it told. */
const SWEEP_AND_CANCEL = `new Promise((resolve) => {
  const button = (name) => [...document.querySelectorAll('.layer-view vscode-button')].find((one) => one.textContent.trim() === name);
  button('Sweep Widths').click();
  const look = () => {
    const told = document.querySelector('.layer-view [role=status]')?.childNodes ?? [];
    const text = [...told].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data.trim()).join('');
    if (!text.includes(' of ')) return requestAnimationFrame(look);
    button('Cancel').click();
    resolve(text);
  };
  look();
})`;

/** What the thread takes for itself to open a layer, and for the first and second answer with psums. */
async function threadTimes(file: string): Promise<string> {
  const worker = new Worker(path.join(ROOT, 'dist/inspector.js'), { workerData: { ortScript: path.join(ROOT, 'dist/ort.js') } });
  const ask = async (id: number, question: object): Promise<string> => {
    const start = performance.now();
    worker.postMessage({ id, ...question });
    await new Promise<void>((resolve) => {
      worker.on('message', (reply: { id: number; type: string }) => { if (reply.id === id && reply.type !== 'progress') resolve(); });
    });
    return `${(performance.now() - start).toFixed(1)} ms`;
  };
  const open = await ask(1, { type: 'open', subject: { type: 'layer', file, layer: 'large' } });
  const psums = (kij: number) => ({ type: 'psums', icTile: 0, ocTile: 0, kij, nijFrom: 0, nijCount: 256 });
  const times = `open ${open}, psums ${await ask(2, psums(0))}, then ${await ask(3, psums(1))}`;
  await worker.terminate();
  return times;
}
