import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TensorProto_DataLocation } from '../../../src/model/gen/onnx_pb';
import { parseModel, readModel } from '../../../src/model/onnxFile';
import type { OrtSession } from '../../../src/model/ortSession';
import { defaultOrtScript, openOrt } from '../../../src/model/ortSession';
import { isOrtReply, isOrtRequest } from '../../../src/protocol/ort';
import { declared, floats, model, modelBytes, node } from './onnxBuilder';
import { failureOf, fixture, fixtureTensor, ORT_SCRIPT, problemOf, temporaryFolder } from './support';

const ADD = (): ReturnType<typeof model> =>
  model({ nodes: [node('Add', ['x', 'w'], 'h'), node('Relu', ['h'], 'y')], initializers: [floats('w', [2], [1, -2])], inputs: [declared('x', [2])], outputs: [declared('y', [2])] });

const X = { x: { type: 'float32', dims: [2], data: Float32Array.of(0.5, 0.5) } };

/** A program that stands in for ort.js. */
function script(folder: string, text: string): string {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.js`);
  fs.writeFileSync(file, text);
  return file;
}

const OPENS = `process.on('message', (m) => { if (m.type === 'open') process.send({ type: 'opened', id: m.id });`;

async function gone(pid: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(20);
  }
  assert.fail(`process ${pid} still runs`);
}

describe('ONNX Runtime in a process of its own', function () {
  this.timeout(60_000);

  let session: OrtSession | undefined;
  afterEach(() => {
    session?.dispose();
    session = undefined;
  });

  it('runs a model, and returns tensors in between that are no outputs', async () => {
    session = await openOrt(ORT_SCRIPT, ADD(), { extraOutputs: { tensors: ['h'] } });
    const { h, y } = await session.run(X, ['h', 'y']);
    assert.deepEqual(h, { type: 'float32', dims: [2], data: Float32Array.of(1.5, -1.5) });
    assert.deepEqual([...y!.data], [1.5, 0]);
    assert.deepEqual(Object.keys(await session.run(X, ['h'])), ['h']);
  });

  it('ends its process when it is disposed', async () => {
    session = await openOrt(ORT_SCRIPT, ADD());
    const pid = session.pid!;
    assert.notEqual(pid, process.pid);
    session.dispose();
    await gone(pid);
    await problemOf(() => session!.run(X, ['y']), 'onnx-run', /disposed/);
  });

  it('gives data files beside the model to ONNX Runtime', async () => {
    const folder = temporaryFolder();
    const stored = floats('w', [2], []);
    stored.dataLocation = TensorProto_DataLocation.EXTERNAL;
    stored.externalData = [{ $typeName: 'tilescope.onnx.StringStringEntryProto', key: 'location', value: 'w.bin' }];
    fs.writeFileSync(path.join(folder, 'w.bin'), Buffer.from(Float32Array.of(1, -2).buffer));
    fs.writeFileSync(path.join(folder, 'm.onnx'), modelBytes({ nodes: [node('Add', ['x', 'w'], 'y')], initializers: [stored], inputs: [declared('x', [2])], outputs: [declared('y', [2])] }));
    session = await openOrt(ORT_SCRIPT, await readModel(path.join(folder, 'm.onnx')));
    assert.deepEqual([...(await session.run(X, ['y']))['y']!.data], [1.5, -1.5]);
  });

  it('says why a model is not loaded or not run', async () => {
    const qonnx = await readModel(fixture('small_qonnx.onnx'));
    await problemOf(() => openOrt(ORT_SCRIPT, qonnx), 'onnx-run', /does not load the model.*qonnx/);
    session = await openOrt(ORT_SCRIPT, ADD());
    await problemOf(() => session!.run({ x: { ...X.x, dims: [1], data: Float32Array.of(1) } }, ['y']), 'onnx-run', /could not run/);
    await problemOf(() => session!.run({}, ['y']), 'onnx-run');
    await problemOf(() => session!.run(X, ['nothing']), 'onnx-run');
    assert.deepEqual([...(await session.run(X, ['y']))['y']!.data], [1.5, 0], 'a failed run ends nothing');
  });

  it('is cancelled before, while loading and while running, at once', async () => {
    const folder = temporaryFolder();
    await problemOf(() => openOrt(ORT_SCRIPT, ADD(), { signal: AbortSignal.abort() }), 'cancelled');
    const never = script(folder, `process.on('message', () => {});`);
    const loading = new AbortController();
    setTimeout(() => {
      loading.abort();
    }, 50);
    await problemOf(() => openOrt(never, ADD(), { signal: loading.signal }), 'cancelled');

    // busy in a loop that answers nobody, as native code does
    const busy = script(folder, `${OPENS} else for (;;); });`);
    const running = new AbortController();
    session = await openOrt(busy, ADD(), { signal: running.signal });
    const run = failureOf(() => session!.run(X, ['y']));
    await sleep(100);
    const before = Date.now();
    running.abort();
    await problemOf(async () => {
      throw await run;
    }, 'cancelled');
    assert.ok(Date.now() - before < 500);
    await gone(session.pid!);
  });

  it('tells the last words of a process that crashes', async () => {
    const folder = temporaryFolder();
    const crash = script(folder, `process.on('message', () => { console.error('out of luck'); process.abort(); });`);
    await problemOf(() => openOrt(crash, ADD()), 'onnx-run', /ended by SIGABRT.*out of luck/s);
    const exit = script(folder, `${OPENS} else { process.stderr.write('bye', () => process.exit(3)); } });`);
    session = await openOrt(exit, ADD());
    await problemOf(() => session!.run(X, ['y']), 'onnx-run', /code 3.*bye/s);
    const early = script(folder, `process.exit(4);`);
    await problemOf(() => openOrt(early, ADD()), 'onnx-run', /code 4/);
  });

  it('survives a process that is killed from outside', async () => {
    session = await openOrt(ORT_SCRIPT, ADD());
    process.kill(session.pid!, 'SIGKILL');
    await problemOf(() => session!.run(X, ['y']), 'onnx-run', /SIGKILL/);
  });

  it('does not trust what is no reply', async () => {
    const folder = temporaryFolder();
    const babble = script(folder, `process.on('message', () => process.send({ type: 'hello' }));`);
    await problemOf(() => openOrt(babble, ADD()), 'onnx-run', /no reply/);
    const wrong = script(folder, `process.on('message', (m) => process.send({ type: 'opened', id: m.id }));`);
    session = await openOrt(wrong, ADD());
    await problemOf(() => session!.run(X, ['y']), 'onnx-run', /answered "opened"/);
  });

  it('says so when ONNX Runtime is not there, has no binary for the machine, or TileScope itself is incomplete', async () => {
    const folder = temporaryFolder();
    const alone = path.join(folder, 'ort.js');
    fs.copyFileSync(ORT_SCRIPT, alone);
    await problemOf(() => openOrt(alone, ADD()), 'ort-missing', /onnxruntime-node.*Everything but capture works: give \.npy sources/s);
    const fake = path.join(folder, 'node_modules', 'onnxruntime-node');
    fs.mkdirSync(fake, { recursive: true });
    fs.writeFileSync(path.join(fake, 'index.js'), `require('../bin/napi-v6/darwin/x64/onnxruntime_binding.node');`);
    await problemOf(() => openOrt(alone, ADD()), 'ort-missing', new RegExp(`${process.platform}-${process.arch}.*onnxruntime_binding`, 's'));
    await problemOf(() => openOrt(path.join(folder, 'gone.js'), ADD()), 'ort-missing', /part of TileScope.*missing/);
    assert.equal(path.basename(defaultOrtScript()), 'ort.js');
  });

  it('leaves the model\'s bytes as they are', async () => {
    const bytes = fs.readFileSync(fixture('small_plain.onnx'));
    const before = Buffer.from(bytes);
    session = await openOrt(ORT_SCRIPT, parseModel(bytes, 'x.onnx'), { extraOutputs: { tensors: ['/features/features.0/Conv_output_0'] } });
    assert.ok(before.equals(bytes));
    const { output } = await session.run({ input: { type: 'float32', dims: [1, 8, 4, 4], data: fixtureTensor('small/input.npy').data } }, ['output']);
    const stored = fixtureTensor('small/output.npy').data as Float32Array;
    assert.ok((output!.data as Float32Array).every((value, i) => Math.abs(value - stored[i]!) < 1e-5));
  });
});

describe('messages to ONNX Runtime', () => {
  const tensor = { type: 'float32', dims: [1], data: Float32Array.of(1) };

  it('are known by their parts', () => {
    assert.ok(isOrtRequest({ type: 'open', id: 1, model: new Uint8Array(), external: [{ path: 'w', data: new Uint8Array() }] }));
    assert.ok(isOrtRequest({ type: 'run', id: 1, feeds: { x: tensor }, fetches: ['y'] }));
    assert.ok(isOrtReply({ type: 'opened', id: 1 }));
    assert.ok(isOrtReply({ type: 'ran', id: 1, outputs: { y: { ...tensor, data: BigInt64Array.of(1n) } } }));
    assert.ok(isOrtReply({ type: 'failed', id: 1, stage: 'run', message: 'x' }));
  });

  it('are refused otherwise', () => {
    const open = { type: 'open', id: 1, model: new Uint8Array(), external: [] };
    const run = { type: 'run', id: 1, feeds: {}, fetches: [] };
    const requests = [null, 1, {}, { ...open, id: 'x' }, { ...open, type: 'close' }, { ...open, model: 'x' }, { ...open, external: [{ path: 1 }] }, { ...open, external: undefined }, { ...run, feeds: null }, { ...run, fetches: [1] }, { ...run, feeds: { x: { ...tensor, dims: [-1] } } }];
    for (const message of requests) assert.equal(isOrtRequest(message), false);
    const ran = { type: 'ran', id: 1, outputs: { y: tensor } };
    const replies = [undefined, 'opened', { ...ran, id: 0.5 }, { ...ran, type: 'x' }, { ...ran, outputs: { y: 1 } }, { ...ran, outputs: { y: { ...tensor, data: [1] } } }, { ...ran, outputs: { y: { ...tensor, data: new DataView(new ArrayBuffer(4)) } } }, { ...ran, outputs: { y: { ...tensor, type: 1 } } }, { type: 'failed', id: 1, stage: 'x', message: '' }, { type: 'failed', id: 1, stage: 'run' }];
    for (const message of replies) assert.equal(isOrtReply(message), false);
  });
});

