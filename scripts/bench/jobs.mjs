import { fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { ROOT } from '../lib/root.mjs';
import { writePair } from './check.mjs';

const END = path.join(ROOT, 'out/endJob.cjs');
const CHANNELS = 256;
const IMAGE = 28;
const MEGABYTES = 64;
const dist = (name) => path.join(ROOT, 'dist', name);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The long jobs of the extension, each started in its process or thread as the extension starts it. `run(ms)` cancels one after so many
 * milliseconds and gives the milliseconds until it had ended, nothing when it had ended before, and throws when anything half-written is left.
 */
export async function longJobs(folder) {
  await build({ absWorkingDir: ROOT, entryPoints: ['src/extension/endJob.ts'], bundle: true, platform: 'node', format: 'cjs', outfile: END, logLevel: 'warning' });
  const { cancelJob } = (await import(END)).default;
  const inProcess = (job, ms, after) => process(cancelJob, job, ms, after);
  const config = writeLayer(folder);
  const text = fs.readFileSync(config, 'utf8');
  const { golden, dumps } = writePair(folder, MEGABYTES);
  const wrong = dumps['0.1 % of the lines wrong'];
  const set = path.join(folder, 'set');
  fs.mkdirSync(set);
  const some = fs.readFileSync(golden, 'utf8').slice(0, 129 * 9 * 4096);
  const files = Array.from({ length: 6 }, (_, tile) => ({ name: `psum_otile${tile}.txt`, path: path.join(set, `psum_otile${tile}.txt`) }));
  for (const file of files) fs.writeFileSync(file.path, some);
  return [
    { what: `generate ${CHANNELS} to ${CHANNELS} channels`, longest: 4000, run: (ms) => inProcess({ type: 'generate', text, file: config, entry: 'large', overwrite: true }, ms, () => nothingWritten(folder)) },
    { what: `check ${MEGABYTES} MB, 0.1 % of the lines wrong`, longest: 1500, run: (ms) => inProcess({ type: 'check', target: { type: 'files', name: 'pair', golden: [golden], dump: [wrong] } }, ms) },
    { what: 'read a folder of 6 files of 4.8 MB', longest: 600, run: (ms) => thread('reader.js', {}, [{ type: 'folder', files, infer: true }], ms, (worker) => worker.terminate()) },
    ...['widths'].map((type) => ({ what: `inspector: ${type} of ${CHANNELS} to ${CHANNELS} channels`, longest: 400, run: (ms) => thread('inspector.js', { workerData: { ortScript: dist('ort.js') } }, [{ type: 'open', subject: { type: 'layer', file: config, layer: 'large' } }, { type }], ms) })),
    { what: `find a value in ${MEGABYTES} MB`, longest: 400, run: (ms) => thread('pages.js', {}, [{ type: 'open', file: golden }, { type: 'find', query: { type: 'value', value: 99999 }, from: { line: 0, column: -1 }, backward: false }], ms) },
  ];
}

function process(cancelJob, job, ms, after = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = fork(dist('worker.js'), { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    let [cancelled, took, phase] = [0, undefined, undefined];
    child.on('message', (message) => {
      if (message.type === 'progress') {
        ({ phase } = message.progress);
        return;
      }
      // The answer is what the user waits for; the process goes a moment later
      if (cancelled > 0 && message.type === 'failed') took = performance.now() - cancelled;
    });
    child.once('exit', (_, signal) => {
      // A process that heard nothing: its end is the answer
      if (cancelled > 0 && signal !== null) took ??= performance.now() - cancelled;
      try {
        if (took !== undefined) after();
        resolve(took);
      } catch (error) {
        reject(error);
      }
    });
    child.send(job);
    setTimeout(() => {
      cancelled = performance.now();
      cancelJob(child, job.type, () => phase);
    }, ms);
  });
}

/** Asks one question after the other in a thread and cancels the last one. */
async function thread(script, options, questions, ms, end) {
  const worker = new Worker(dist(script), options);
  const answers = new Map();
  worker.on('message', (message) => {
    if (message.type !== 'progress') answers.get(message.id)?.(message);
  });
  const ask = (question, id) => new Promise((resolve) => {
    answers.set(id, resolve);
    worker.postMessage({ id, ...question });
  });
  try {
    for (const [i, question] of questions.slice(0, -1).entries()) await ask(question, i + 1);
    const id = questions.length;
    let done = false;
    const last = ask(questions.at(-1), id).then((answer) => {
      done = true;
      return answer;
    });
    await sleep(ms);
    if (done) return undefined;
    const start = performance.now();
    if (end !== undefined) await end(worker);
    else {
      worker.postMessage({ type: 'cancel', id });
      if ((await last).type !== 'cancelled') return undefined;
    }
    return performance.now() - start;
  } finally {
    await worker.terminate();
  }
}

function nothingWritten(folder) {
  const left = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /golden|\.lock|staging|tilescope-/i.test(path.basename(name)) && name !== 'golden.txt');
  if (left.length > 0) throw new Error(`A cancelled run left ${left.join(', ')}`);
}

function writeLayer(folder) {
  const spread = (i) => Math.imul(i + 1, 2_654_435_761) >>> 16;
  const npy = (name, shape, value) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const header = `{'descr': '|i1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`.padEnd(117, ' ');
    fs.writeFileSync(path.join(folder, name), Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(`${header}\n`), Buffer.from(Int8Array.from({ length }, (_, i) => value(i)).buffer)]));
  };
  npy('a.npy', [CHANNELS, IMAGE, IMAGE], (i) => spread(i) % 16);
  npy('w.npy', [CHANNELS, CHANNELS, 3, 3], (i) => (spread(i) % 15) - 7);
  const layer = { name: 'large', source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' }, convolution: { padding: 1 }, array: { rows: 32, cols: 32, psumBits: 24 }, profile: 'golden-part1', select: { kij: 'all' }, output: 'out/golden' };
  const file = path.join(folder, 'tilescope.json');
  fs.writeFileSync(file, JSON.stringify({ layers: [layer] }));
  return file;
}
