import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { InspectSession } from '../../../../src/project/inspect/session';
import type { InspectQuestion, LayerInfo, ViewQuestion } from '../../../../src/protocol/inspect';
import { DATAFLOWS } from '../../../../src/protocol/inspect';
import { isInspectReply, isInspectRequest } from '../../../../src/protocol/inspectGuards';
import { isHostMessage, isPageMessage } from '../../../../src/protocol/panelGuards';
import { fixture } from '../../support/fixtures';
import { configOf, removeTestFolders, testFolder } from '../../support/workspace';
import { anyPlain, ask, layerConfig, newSession } from './support';

/** What the page asks of a layer, at its last tile, pixel and column. */
function questionsOf({ conv, tiling, cycles }: LayerInfo): ViewQuestion[] {
  const place = { icTile: tiling.icTiles - 1, ocTile: tiling.ocTiles - 1 };
  const whole = { nijFrom: 0, nijCount: conv.nijCount };
  const channel = { ocTile: place.ocTile, col: tiling.cols - 1 };
  return [
    { type: 'tile', ...place },
    { type: 'psums', ...place, ...whole, kij: conv.kijCount - 1 },
    { type: 'activations', icTile: place.icTile, ...whole },
    { type: 'channel', ...channel },
    { type: 'pixel', ...channel, oNij: conv.oNijCount - 1 },
    ...DATAFLOWS.flatMap((dataflow) => [0, cycles[dataflow] >> 1, cycles[dataflow] - 1].map((from) => ({ type: 'cycles', dataflow, from, count: 16 }) as const)),
    { type: 'layer' },
    { type: 'widths' },
    { type: 'mismatch', from: undefined, backward: false },
    // A pixel that no output reads
    { type: 'mismatch', from: { ...channel, o_nij: -1 }, backward: true },
  ];
}

/** Every answer passes both ways: between thread and extension host, and between that and the page. */
async function expectUnderstood(session: InspectSession, subject: Extract<InspectQuestion, { type: 'open' }>['subject'], attach?: Extract<InspectQuestion, { type: 'compare' }>['target']): Promise<void> {
  const opened = await ask(session, { type: 'open', subject }, 'opened');
  assert.ok(isInspectReply(structuredClone({ id: 0, ...opened })));
  assert.ok(isHostMessage({ type: 'opened', subject: 's', layer: opened.layer, dumps: [], follow: true }));
  if (attach !== undefined) {
    const answer = await ask(session, { type: 'compare', target: attach }, 'compared');
    assert.ok(isHostMessage({ type: 'answer', id: 0, answer }), JSON.stringify(answer));
  }
  for (const question of questionsOf(opened.layer)) {
    assert.ok(isPageMessage({ type: 'ask', id: 1, question }) && isInspectRequest({ id: 1, ...question }), JSON.stringify(question));
    const answer = structuredClone(await session.answer(question));
    assert.ok(isInspectReply({ id: 1, ...answer }) && isHostMessage({ type: 'answer', id: 1, answer }), JSON.stringify(answer).slice(0, 500));
  }
}

describe('inspect: what the thread answers is understood by the page', function () {
  this.timeout(120_000);
  after(removeTestFolders);

  it('of any layer', async () => {
    const folder = testFolder();
    await fc.assert(
      fc.asyncProperty(anyPlain, async (plain) => {
        configOf(folder, layerConfig(folder, plain));
        await expectUnderstood(newSession(), { type: 'layer', file: folder.file('tilescope.json'), layer: 'layer' });
      }),
      { seed: 21, numRuns: 40 },
    );
  });

  for (const [kind, golden, dump] of [['psums', 'psum.txt', 'psum.memh'], ['outputs', 'output.txt', '../output.txt']] as const) {
    it(`with a dump of ${kind}`, async () => {
      await expectUnderstood(newSession(), { type: 'set', folder: fixture('check') }, { type: 'files', name: 'n', golden: [fixture('check', golden)], dump: [fixture('check', 'sim', dump)] });
    });
  }
});
