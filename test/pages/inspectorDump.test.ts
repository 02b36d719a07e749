import assert from 'node:assert/strict';
import type { FakeLayer } from '../host/fakeInspector';
import { FakeInspector } from '../host/fakeInspector';
import { InspectorPage } from '../host/inspectorPage';

const LAYER: FakeLayer = { name: 'conv3', spec: { inChannels: 8, outChannels: 8, height: 4, width: 4 }, rows: 8, cols: 8 };
const problem = { code: 'inspect-dump', what: 'psum.memh cannot be read: it was deleted or moved.', next: 'Run the simulation again.', place: {} } as const;

describe('inspector page: a dump that is lost', function () {
  this.timeout(120_000);
  let page: InspectorPage;

  before(async () => {
    page = await InspectorPage.start({ width: 1400, height: 900 });
  });

  after(() => page.stop());

  /** Number of the comparison that the page asks for. */
  async function asked(): Promise<number> {
    const message = await page.waitFor((one) => one.type === 'ask' && one.question.type === 'compare');
    assert.ok(message.type === 'ask');
    return message.id;
  }

  it('is told where the comparison stood, and compared again when asked', async () => {
    const fake = new FakeInspector(LAYER);
    await page.load('dark');
    await page.open(fake, { dump: true, state: { subject: 'layer', selection: { icTile: 0, ocTile: 0, kij: 0, nij: 0, row: 0, col: 0, oNij: 0 }, side: 'difference', dump: 'dump', view: 'tile', dataflow: 'weight-stationary', cycle: 0, follow: true } });
    await page.page.locator('.verdict.mismatch').waitFor();
    fake.dumped = false;
    await page.send({ type: 'dumpLost', problem });
    await page.settle();
    assert.equal(await page.page.locator('.lost p').innerText(), 'psum.memh is not compared. psum.memh cannot be read: it was deleted or moved. Run the simulation again.');
    assert.deepEqual([await page.page.locator('.verdict').count(), await page.page.locator('[role=gridcell].mismatch').count(), page.kept?.dump], [0, 0, 'dump']);
    assert.deepEqual(await page.faults(), []);
    await page.screenshot('inspector-lost-dark');
    await page.page.setViewportSize({ width: 620, height: 900 });
    await page.screenshot('inspector-lost-narrow');
    await page.page.setViewportSize({ width: 1400, height: 900 });
    await page.page.getByRole('button', { name: 'Try Again' }).click();
    await page.page.locator('.verdict.mismatch').waitFor();
    assert.equal(await page.page.locator('.lost').count(), 0);
    // A comparison that is refused is told there as well
    page.held = true;
    page.heard.length = 0;
    await page.page.getByRole('combobox', { name: 'Dump to compare with' }).click();
    await page.page.getByRole('option', { name: 'no dump' }).click();
    await page.send({ type: 'answer', id: await asked(), answer: { type: 'compared' } });
    await page.settle();
    page.heard.length = 0;
    await page.page.getByRole('combobox', { name: 'Dump to compare with' }).click();
    await page.page.getByRole('option', { name: 'psum.memh (psum)' }).click();
    await page.send({ type: 'refused', id: await asked(), problem });
    await page.page.locator('.lost').waitFor();
    page.held = false;
    await page.page.getByRole('button', { name: 'Stop Comparing' }).click();
    await page.settle();
    assert.deepEqual([await page.page.locator('.lost').count(), page.kept?.dump], [0, undefined]);
  });
});
