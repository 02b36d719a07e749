import { testFolder } from '../../support/workspace';

const SIZES = ['inChannels', 'outChannels', 'height', 'width', 'kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth', 'dilationHeight', 'dilationWidth', 'paddedHeight', 'paddedWidth', 'nijCount', 'kijCount', 'outHeight', 'outWidth', 'oNijCount'];

/** The layer that fake threads open. */
export const FAKE_LAYER = {
  name: 'fake',
  from: 'A layer for tests.',
  conv: { ...Object.fromEntries(SIZES.map((name) => [name, 1])), padding: { top: 0, left: 0, bottom: 0, right: 0 } },
  tiling: { rows: 1, cols: 1, icTiles: 1, ocTiles: 1 },
  formats: { activation: { bits: 4, signed: false }, weight: { bits: 4, signed: true }, psum: { bits: 16, signed: true } },
  overflow: 'error',
  relu: true,
  goldens: ['psum'],
  cycles: { 'weight-stationary': 10, 'output-stationary': 10 },
  notes: [],
};

/** Runs before `behaviour`, which may answer `q` and return; what it leaves is answered plainly. `first` in the first thread of a script. */
export const FAKE_THREAD = `
const { parentPort } = require('node:worker_threads');
const fs = require('node:fs');
const first = !fs.existsSync(__filename + '.started');
fs.writeFileSync(__filename + '.started', '');
const OPENED = { type: 'opened', layer: ${JSON.stringify(FAKE_LAYER)}, files: [{ file: '/set/psum.txt', kind: 'psum' }], inputs: ['/set'] };
const answer = (q, reply) => parentPort.postMessage({ ...reply, id: q.id });
const fail = (q) => answer(q, { type: 'failed', problem: { code: 'psum-overflow', what: 'Too wide.', next: 'Widen it.', place: {} } });
const channel = (col) => ({ type: 'channel', ocTile: 0, col, raw: Int32Array.of(1, 2), goldenDiffers: [] });
let sessions = 0;
`;

const PLAIN = `
  switch (q.type) {
    case 'open':
      sessions++;
      answer(q, { type: 'progress', what: 'reading', done: 1, total: 2 });
      answer(q, OPENED);
      break;
    case 'compare':
      sessions++;
      answer(q, { type: 'compared', ...(q.target && { dump: { name: q.target.name, kind: 'psum', verdict: 'match', what: 'Equal.', differing: 0, total: 4 } }) });
      break;
    case 'locate':
      answer(q, { type: 'located', ...(q.coordinates.kij === 0 && { place: { file: '/set/psum.txt', line: 0, column: 0, length: 4 } }) });
      break;
    case 'channel':
      answer(q, channel(q.col));
      break;
    case 'mismatch':
      // How often it was told to open or compare, for the tests
      answer(q, { type: 'mismatch', number: sessions });
      break;
  }
`;

/** A thread of the test's own making. */
export function fakeScript(behaviour = ''): string {
  return testFolder().write('thread.js', `${FAKE_THREAD}parentPort.on('message', (q) => {\n${behaviour}\n${PLAIN}\n});\n`);
}
