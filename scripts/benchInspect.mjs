// How long an inspector takes to open a large layer and to answer: npm run bench:inspect
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { ROOT } from './lib/root.mjs';

const CHANNELS = 512;
const IMAGE = 14;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-bench-'));

/** A `.npy` file of bytes. */
function writeNpy(name, shape, value) {
  const length = shape.reduce((product, size) => product * size, 1);
  const header = `{'descr': '|i1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`.padEnd(117, ' ');
  fs.writeFileSync(path.join(folder, name), Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(`${header}\n`), Buffer.from(Int8Array.from({ length }, (_, i) => value(i)).buffer)]));
}

const spread = (i) => Math.imul(i + 1, 2_654_435_761) >>> 16;
writeNpy('a.npy', [CHANNELS, IMAGE, IMAGE], (i) => spread(i) % 16);
writeNpy('w.npy', [CHANNELS, CHANNELS, 3, 3], (i) => (spread(i) % 15) - 7);

async function measure(array) {
  const layer = { name: 'large', source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' }, convolution: { padding: 1 }, array: { ...array, psumBits: 24 }, output: 'golden' };
  const file = path.join(folder, 'tilescope.json');
  fs.writeFileSync(file, JSON.stringify({ layers: [layer] }));
  const worker = new Worker(path.join(ROOT, 'dist/inspector.js'), { workerData: { ortScript: path.join(ROOT, 'dist/ort.js') } });
  let id = 0;
  const ask = (question) =>
    new Promise((resolve) => {
      const own = ++id;
      const start = performance.now();
      const listen = (reply) => {
        if (reply.id !== own || reply.type === 'progress') return;
        worker.off('message', listen);
        const took = performance.now() - start;
        console.log(`${`${array.rows}x${array.cols}`.padEnd(9)} ${question.type.padEnd(12)} ${took.toFixed(1).padStart(9)} ms  ${reply.type === question.type || reply.type === 'opened' ? '' : JSON.stringify(reply)}`);
        resolve(reply);
      };
      worker.on('message', listen);
      worker.postMessage({ id: own, ...question });
    });
  await ask({ type: 'open', subject: { type: 'layer', file, layer: 'large' } });
  for (const icTile of [0, 1, 2]) {
    await ask({ type: 'tile', icTile, ocTile: 1 });
    await ask({ type: 'psums', icTile, ocTile: 1, kij: 4, nijFrom: 0, nijCount: (IMAGE + 2) ** 2 });
  }
  await ask({ type: 'activations', icTile: 1, nijFrom: 0, nijCount: (IMAGE + 2) ** 2 });
  await ask({ type: 'channel', ocTile: 1, col: 3 });
  await ask({ type: 'channel', ocTile: 1, col: 4 });
  await ask({ type: 'pixel', ocTile: 1, col: 3, oNij: 17 });
  await ask({ type: 'cycles', dataflow: 'weight-stationary', from: 100_000, count: 64 });
  await ask({ type: 'cycles', dataflow: 'output-stationary', from: 4_000, count: 64 });
  await ask({ type: 'layer' });
  await ask({ type: 'widths' });
  await worker.terminate();
}

try {
  for (const array of [{ rows: 8, cols: 8 }, { rows: 16, cols: 16 }, { rows: 64, cols: 64 }]) await measure(array);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
