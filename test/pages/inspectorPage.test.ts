import assert from 'node:assert/strict';
import type { PageMessage } from '../../src/protocol/panel';
import type { FakeLayer } from '../host/fakeInspector';
import { FakeInspector } from '../host/fakeInspector';
import { InspectorPage } from '../host/inspectorPage';
import type { ThemeName } from '../host/themes';
import { THEME_NAMES } from '../host/themes';

const LAYERS = {
  digits: { name: 'conv3', spec: { inChannels: 8, outChannels: 8, height: 4, width: 4 }, rows: 8, cols: 8 },
  /** Zero-padded rows and columns, a stride, no golden files, and a width that overflows. */
  odd: { name: 'conv1', spec: { inChannels: 3, outChannels: 10, height: 9, width: 7, strideHeight: 2, strideWidth: 2 }, rows: 8, cols: 8, psumBits: 8, goldens: [] },
  big: { name: 'features.40', spec: { inChannels: 512, outChannels: 512, height: 14, width: 14 }, rows: 8, cols: 8 },
  image: { name: 'features.0', spec: { inChannels: 3, outChannels: 16, height: 224, width: 224 }, rows: 16, cols: 16 },
  pointwise: { name: 'shortcut', spec: { inChannels: 16, outChannels: 8, height: 6, width: 6, kernelHeight: 1, kernelWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } }, rows: 8, cols: 8 },
} satisfies Record<string, FakeLayer>;

type Told<T extends PageMessage['type']> = Extract<PageMessage, { readonly type: T }>;

/** The page of the inspector in a browser, under its content security policy, with a host that the test plays. */
describe('inspector page', function () {
  this.timeout(120_000);
  let page: InspectorPage;

  before(async () => {
    page = await InspectorPage.start({ width: 1400, height: 900 });
  });

  after(() => page.stop());

  afterEach(async () => {
    assert.deepEqual(await page.violations(), [], 'content security policy');
    assert.deepEqual(page.errors.splice(0), []);
    assert.deepEqual(page.strange.splice(0), []);
    assert.deepEqual(page.heard.filter(({ type }) => type === 'trouble'), []);
  });

  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.page.keyboard.press(key);
    await page.settle();
  };
  const text = async (selector: string): Promise<string> => (await page.page.locator(selector).first().innerText()).replaceAll(/\s+/g, ' ').trim();
  const told = <T extends PageMessage['type']>(type: T): Told<T> | undefined => page.heard.findLast((message): message is Told<T> => message.type === type);
  const button = (name: string | RegExp) => page.page.getByRole('button', { name });

  for (const theme of THEME_NAMES) {
    it(`${theme}: every state and view is without accessibility faults`, async () => {
      await page.load(theme);
      assert.deepEqual(await page.faults(), [], 'opening');
      await page.screenshot(`inspector-opening-${theme}`);
      await page.send({ type: 'empty', problem: { code: 'onnx-read', what: 'model.onnx cannot be read.', next: 'Export the model again.', place: { file: 'tilescope.json', line: 4 } }, actions: ['retry', 'openConfiguration', 'showLog'] });
      await page.page.getByText('Export the model again.').waitFor();
      assert.deepEqual(await page.faults(), [], 'failed');
      await page.screenshot(`inspector-failed-${theme}`);
      await page.open(new FakeInspector(LAYERS.digits), { dump: true });
      await page.page.getByRole('combobox', { name: 'Dump to compare with' }).click();
      await page.page.getByRole('option', { name: 'psum.memh (psum)' }).click();
      await page.page.getByText('words differ').first().waitFor();
      await press('n', 'n', 'a');
      assert.deepEqual(await page.faults(), [], 'tile');
      await page.screenshot(`inspector-tile-${theme}`);
      await press('g');
      assert.deepEqual(await page.faults(), [], 'array');
      await page.screenshot(`inspector-array-${theme}`);
      await press('3');
      await button('Sweep Widths').click();
      await page.page.getByText('This input: psums').waitFor();
      assert.deepEqual(await page.faults(), [], 'layer');
      await page.screenshot(`inspector-layer-${theme}`);
      await press('1', '?');
      assert.deepEqual(await page.faults(), [], 'help');
      await page.screenshot(`inspector-help-${theme}`);
    });
  }

  it('shows one selection in all parts, moved by keys', async () => {
    const fake = new FakeInspector(LAYERS.digits);
    await page.load('dark');
    await page.open(fake);
    await press(...Array<string>(14).fill('ArrowDown'), 'ArrowRight', ']');
    assert.deepEqual(page.kept?.selection, { icTile: 0, ocTile: 0, kij: 1, nij: 14, row: 0, col: 1, oNij: 9 });
    const psums = fake.answer({ type: 'psums', icTile: 0, ocTile: 0, kij: 1, nijFrom: 14, nijCount: 1 });
    assert.ok(psums.type === 'psums');
    const value = String(psums.values[1]).replace('-', '−');
    assert.equal(await text('[role=gridcell][aria-selected=true]'), value);
    assert.match(await text('.panel-psums .readout.main'), new RegExp(`^${value} nij 14 \\(2,2\\) · col 1 · bits [01 ]{19} · o_nij 9 \\(2,1\\)`));
    assert.match(await text('.panel-outputs .readout.main'), /o_nij 9 \(2,1\)/);
    assert.match(await text('.contributions td.selected'), new RegExp(value));
    assert.match(await text('.panel-activations .readout'), /nij 14 \(2,2\) · ch 0/);
    await press('Enter');
    assert.deepEqual(told('reveal'), { type: 'reveal', kind: 'psum', coordinates: { icTile: 0, ocTile: 0, col: 1, kij: 1, nij: 14 }, side: 'golden' });
  });

  it('draws what a key asks for at once, and once a frame where keys come faster', async () => {
    await page.load('dark');
    await page.open(new FakeInspector(LAYERS.digits));
    const shown = await page.page.evaluate(pressThrice);
    assert.deepEqual(shown.map((one) => /nij (\d+)/.exec(one)?.[1]), ['1', '1', '1']);
    await page.settle();
    assert.match(await text('.panel-psums .readout.main'), /nij 3 /);
  });

  it('a value in the table, and one on the canvas, leads to the editor', async () => {
    await page.load('dark');
    await page.open(new FakeInspector(LAYERS.digits));
    await page.page.locator('[role=gridcell][aria-colindex="4"]').nth(3).click();
    assert.deepEqual(told('reveal'), { type: 'reveal', kind: 'psum', coordinates: { icTile: 0, ocTile: 0, col: 2, kij: 0, nij: 3 }, side: 'golden' });
    await page.page.locator('ts-grid[data-grid=outputs] canvas').dblclick({ position: { x: 28 + 60, y: 16 + 20 } });
    assert.deepEqual(told('reveal'), { type: 'reveal', kind: 'out', coordinates: { ocTile: 0, col: 2, o_nij: 1 }, side: 'golden' });
  });

  it('goes through the mismatches of a dump, and shows golden, dump and difference', async () => {
    const fake = new FakeInspector(LAYERS.digits);
    await page.load('dark');
    await page.open(fake, { dump: true, state: { subject: 'layer', selection: { icTile: 0, ocTile: 0, kij: 0, nij: 0, row: 0, col: 0, oNij: 0 }, side: 'difference', dump: 'dump', view: 'tile', dataflow: 'weight-stationary', cycle: 0, follow: true } });
    await page.page.locator('.verdict.mismatch').waitFor();
    await press('n');
    assert.match(await text('.top .count'), /^1 \/ \d+$/);
    assert.equal(await text('[role=gridcell].selected.mismatch'), '16');
    await press('Enter');
    assert.equal(told('reveal')?.side, 'dump');
    await press('N');
    assert.match(await text('.top .count'), new RegExp(`^${fake.dump.differing} / `));
    assert.equal(await text('.notice'), `There is none before: back at the last of ${fake.dump.differing}.`);
    await press('n');
    assert.match(await text('.top .count'), /^1 \/ /);
    assert.equal(await text('.notice'), `There is none after: back at the first of ${fake.dump.differing}.`);
    await press('n');
    assert.match(await text('.top .count'), /^2 \/ /);
    assert.equal(await text('.notice'), '');
    await press('N', 'N');
    assert.ok((await page.page.locator('[role=gridcell].unknown').count()) > 0);
    await press('d');
    assert.equal(await page.page.locator('.toggles [aria-pressed=true]').last().innerText(), 'golden');
    await press('Enter');
    assert.equal(told('reveal')?.side, 'golden');
  });

  it('plays, pauses, steps and scrubs the array in both dataflows', async () => {
    await page.load('dark');
    await page.open(new FakeInspector(LAYERS.digits));
    await press('2', '.', '.', '>');
    assert.equal(await text('.cycle'), 'cycle 12 / 63');
    assert.equal(await text('.phase.on'), 'stream');
    await button('drain').click();
    await page.settle();
    assert.deepEqual([await text('.cycle'), await text('[aria-current=step]')], ['cycle 44 / 63', 'drain']);
    await page.page.getByRole('slider', { name: 'Cycle of the pass' }).fill('60');
    await page.settle();
    assert.equal(await text('.cycle'), 'cycle 60 / 63');
    await press('Space');
    // A text that stays: one that is shown for a fifth of a second may be missed
    await page.page.locator('.second', { hasText: 'pass 1 of 9' }).waitFor();
    await press('Space');
    const stopped = await text('.cycle');
    // The page of this suite wants less motion: a step a second
    await page.page.waitForTimeout(1500);
    assert.equal(await text('.cycle'), stopped);
    const asked = page.heard.filter((message) => message.type === 'ask' && message.question.type === 'cycles');
    assert.ok(asked.length < 8, `${asked.length} questions for cycles`);
    await page.page.getByRole('combobox', { name: 'Dataflow' }).click();
    await page.page.getByRole('option', { name: 'output-stationary' }).click();
    await press('.');
    assert.match(await text('.second'), /output tile 0 of 2/);
    assert.match(await text('.array-view .panel h2'), /o_nij 0 to 7/);
  });

  it('shows the tiles of a layer as a map that leads to them', async () => {
    await page.load('dark');
    await page.open(new FakeInspector(LAYERS.odd));
    await press('3');
    assert.equal(await page.page.locator('.map-cell').count(), 2);
    await page.page.getByRole('button', { name: 'ic tile 0, oc tile 1: 3 rows × 2 columns, the rest zero padding' }).click();
    await page.page.locator('.tile-view').waitFor();
    assert.deepEqual([page.kept?.view, page.kept?.selection.ocTile], ['tile', 1]);
    // 64 by 64 tiles: a part of them
    await page.open(new FakeInspector(LAYERS.big));
    await press('3');
    assert.equal(await page.page.locator('.map-cell').count(), 32 * 32);
  });
  for (const [name, className, media, less] of [['neither', 'vscode-dark', 'no-preference', false], ['VS Code', 'vscode-dark vscode-reduce-motion', 'no-preference', true], ['the operating system', 'vscode-dark', 'reduce', true]] as const) {
    it(`moves less by itself where ${name} asks for it`, async () => {
      await page.page.emulateMedia({ reducedMotion: media });
      await page.load('dark');
      await page.page.evaluate(setBodyClass, className);
      page.held = true;
      await page.open(new FakeInspector(LAYERS.digits));
      assert.equal((await page.page.locator('.pending vscode-progress-ring').count()) === 0, less);
      assert.equal((await page.page.locator('.pending', { hasText: 'Please wait:' }).count()) > 0, less);
      await page.load('dark');
      await page.page.evaluate(setBodyClass, className);
      await page.open(new FakeInspector(LAYERS.digits));
      for (const key of ['a', '2', 'Space']) {
        await page.page.evaluate(noteDelays);
        await press(key);
        // The step of the player and no other timer of the page waits as long as either
        const delays = await page.page.evaluate(() => (globalThis as unknown as DelayGlobals).tileScopeDelays);
        if (key !== '2') assert.deepEqual([delays.includes(200), delays.includes(1000)], [!less, less], `${key}: ${delays.join(' ')}`);
        if (key === 'a') await page.page.locator('.pixel').getByRole('button', { name: 'Stop adding up' }).click();
      }
      assert.equal((await page.page.locator('.second', { hasText: 'reduced motion' }).count()) > 0, less);
      await page.page.emulateMedia({ reducedMotion: 'no-preference' });
    });
  }

  it('asks only for what is seen, and gives up what is not', async () => {
    await page.load('dark');
    await page.open(new FakeInspector(LAYERS.image));
    const windows = (): number[] => page.heard.flatMap((message) => (message.type === 'ask' && message.question.type === 'psums' ? [message.question.nijFrom] : []));
    assert.deepEqual([...new Set(windows())], [0]);
    await page.page.locator('ts-grid[data-grid=psums] .grid-scroll').evaluate((element) => {
      (element as unknown as { scrollTop: number }).scrollTop = 100_000;
    });
    await page.settle();
    assert.ok(windows().some((from) => from > 0));
    assert.ok(new Set(windows()).size <= 4, `${new Set(windows()).size} windows`);
    page.held = true;
    await press(']');
    const before = page.heard.length;
    await press(']', ']');
    assert.ok(page.heard.slice(before).some(({ type }) => type === 'cancel'));
  });

  it('exports what is shown', async () => {
    await page.load('dark');
    const fake = new FakeInspector(LAYERS.digits);
    await page.open(fake);
    await button('Export psums').click();
    await page.page.locator('.exports').getByRole('button', { name: 'CSV' }).click();
    const csv = (await page.waitFor((message) => message.type === 'save' && message.format === 'csv')) as Told<'save'>;
    assert.equal(csv.name, 'conv3_psum_itile0_otile0_kij0.csv');
    assert.equal(String(csv.data).split('\r\n').length, 38);
    await button('copy as numpy').click();
    assert.match(((await page.waitFor(({ type }) => type === 'copy')) as Told<'copy'>).text, /^# psums of conv3, kij 0.*\nnp\.array\(\[\n {4}\[/);
    await page.page.locator('.exports').getByRole('button', { name: 'SVG' }).click();
    const svg = (await page.waitFor((message) => message.type === 'save' && message.format === 'svg')) as Told<'save'>;
    assert.match(String(svg.data), /^<svg [^]*<\/svg>\n$/);
    await page.page.locator('.exports').getByRole('button', { name: 'PNG' }).click();
    const png = (await page.waitFor((message) => message.type === 'save' && message.format === 'png')) as Told<'save'>;
    assert.deepEqual([...(png.data as Uint8Array).subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
    await button('Copy Link').click();
    assert.equal(told('copyLink')?.selection.nij, 0);
  });

  it('a layer without ReLU shows and exports its sums', async () => {
    const fake = new FakeInspector({ ...LAYERS.digits, relu: false });
    const channel = fake.answer({ type: 'channel', ocTile: 0, col: 0 });
    assert.ok(channel.type === 'channel');
    const oNij = channel.raw.findIndex((value) => value < 0);
    assert.ok(oNij >= 0);
    await page.load('dark');
    await page.open(fake);
    await page.send({ type: 'select', kind: 'out', coordinates: { ocTile: 0, col: 0, o_nij: oNij } });
    await page.settle();
    assert.match(await text('.panel-outputs .readout.main'), new RegExp(`^−${-channel.raw[oNij]!} o_nij ${oNij} .* · no ReLU$`));
    await button('Export outputs').click();
    await page.page.locator('.exports').getByRole('button', { name: 'CSV' }).click();
    const csv = (await page.waitFor((message) => message.type === 'save' && message.format === 'csv')) as Told<'save'>;
    const values = String(csv.data).trim().split('\r\n').slice(1).flatMap((line) => line.split(',').slice(1).map(Number));
    assert.deepEqual(values, [...channel.raw]);
  });

  it('comes back to where it was', async () => {
    await page.load('light');
    await page.open(new FakeInspector(LAYERS.pointwise));
    await press('ArrowDown', '}', '2');
    const { kept } = page;
    assert.ok(kept !== undefined);
    await page.load('light', kept);
    await page.open(new FakeInspector(LAYERS.pointwise));
    assert.equal(page.kept?.selection.nij, 1);
    assert.equal(page.kept.selection.icTile, 1);
    assert.equal(await text('[aria-pressed=true]'), '2 Array');
  });

  it('follows what the host selects', async () => {
    await page.load('light');
    await page.open(new FakeInspector(LAYERS.digits));
    await page.send({ type: 'select', kind: 'out', coordinates: { ocTile: 0, col: 5, o_nij: 6 } });
    await page.settle();
    assert.match(await text('.panel-outputs .readout.main'), /o_nij 6 \(1,2\)/);
    await page.page.getByRole('checkbox', { name: 'Follow cursor' }).click();
    assert.deepEqual(told('follow'), { type: 'follow', on: false });
  });

  it('says what to do where there are no golden files, no layer, or a refusal', async () => {
    await page.load('dark');
    await page.open(new FakeInspector(LAYERS.odd));
    await press('Enter');
    assert.match(await text('.notice'), /There is no golden psum file/);
    await button('Generate Vectors').click();
    assert.deepEqual(told('action'), { type: 'action', action: 'generate' });
    await page.send({ type: 'empty', actions: ['chooseLayer', 'openExample'] });
    await button('Choose a Layer').click();
    assert.deepEqual(told('action'), { type: 'action', action: 'chooseLayer' });
    page.held = true;
    page.heard.length = 0;
    await page.open(new FakeInspector(LAYERS.digits));
    const asked = (await page.waitFor((message) => message.type === 'ask' && message.question.type === 'tile')) as Told<'ask'>;
    await page.send({ type: 'refused', id: asked.id, problem: { code: 'internal', what: 'The thread has ended.', next: 'Try again.', place: {} } });
    await button('Try Again').waitFor();
    page.held = false;
    await button('Try Again').click();
    await page.page.locator('.figures .histogram').waitFor();
  });

  it('redraws when the theme changes', async () => {
    await page.load('dark');
    await page.open(new FakeInspector(LAYERS.digits));
    const shot = (): Promise<Buffer> => page.page.locator('ts-grid[data-grid=psums] canvas').screenshot();
    const dark = await shot();
    await page.setTheme('light');
    assert.notDeepEqual(await shot(), dark);
  });

  for (const [name, theme] of [['odd', 'dark'], ['big', 'light'], ['image', 'dark'], ['pointwise', 'hc-black']] as const satisfies readonly (readonly [keyof typeof LAYERS, ThemeName])[]) {
    it(`shows ${name}, wide and narrow`, async () => {
      await page.load(theme);
      await page.open(new FakeInspector(LAYERS[name]));
      await press(...Array<string>(6).fill('PageDown'), 'End', ']', '}', '}');
      await page.screenshot(`inspector-${name}-tile`);
      await press('g');
      await page.screenshot(`inspector-${name}-array`);
      await page.page.setViewportSize({ width: 500, height: 900 });
      await press('1');
      await page.screenshot(`inspector-${name}-narrow`);
      const overflow = await page.page.evaluate(() => {
        const { document } = globalThis as unknown as { document: { documentElement: { scrollWidth: number; clientWidth: number } } };
        return document.documentElement.scrollWidth - document.documentElement.clientWidth;
      });
      assert.deepEqual([overflow, await page.faults()], [0, []]);
      await page.page.setViewportSize({ width: 1400, height: 900 });
    });
  }
});

interface DelayGlobals {
  tileScopeDelays: number[];
  setTimeout: (step: () => void, delay?: number) => unknown;
}

/** Runs in the page: notes the delays of all timers from here on. */
function noteDelays(): void {
  const scope = globalThis as unknown as DelayGlobals;
  const before = scope.setTimeout.bind(globalThis);
  scope.tileScopeDelays = [];
  scope.setTimeout = (step, delay) => {
    scope.tileScopeDelays.push(delay ?? 0);
    return before(step, delay);
  };
}

/** Runs in the page: what it says of the selected psum after each of three keys in one task. */
function pressThrice(): string[] {
  const scope = globalThis as unknown as { document: { dispatchEvent(event: unknown): void; querySelector(selector: string): { textContent: string } }; KeyboardEvent: new (type: string, init: object) => unknown };
  return [1, 2, 3].map(() => {
    scope.document.dispatchEvent(new scope.KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }));
    return scope.document.querySelector('.panel-psums .readout.main').textContent;
  });
}

/** Runs in the page. */
function setBodyClass(className: string): void {
  (globalThis as unknown as { document: { body: { className: string } } }).document.body.className = className;
}
