import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { ModelProtoSchema, TensorProto_DataLocation } from '../../../src/model/gen/onnx_pb';
import { listConvLayers } from '../../../src/model/layers';
import { parseModel, readModel } from '../../../src/model/onnxFile';
import { countObjects } from '../../../src/model/wireBudget';
import { declared, floats, modelBytes, node } from './onnxBuilder';
import { fixture, problemOf, problemOr, temporaryFolder } from './support';

const SMALL = fixture('small_plain.onnx');

/** All that a caller may ask of a model without running it. */
function useModel(bytes: Uint8Array): void {
  for (const { weight, activation } of listConvLayers(parseModel(bytes, 'x.onnx').graph)) {
    weight?.codes();
    weight?.values();
    activation?.quantize(Float32Array.of(0.5, 1));
  }
}

describe('onnx file', function () {
  this.timeout(60_000);

  it('reads what PyTorch exports', async () => {
    const model = await readModel(SMALL);
    assert.equal(model.producer, 'pytorch 1.13.0');
    assert.equal(model.graph.opset, 13);
    assert.deepEqual(model.graph.inputs.map(({ name, shape }) => [name, shape]), [['input', [1, 8, 4, 4]]]);
    assert.deepEqual(model.graph.outputs.map(({ name }) => name), ['output']);
    assert.equal(model.bytes.length, fs.statSync(SMALL).size);
  });

  it('names a path that cannot be read', async () => {
    const folder = temporaryFolder();
    await problemOf(() => readModel(path.join(folder, 'gone.onnx')), 'onnx-read', /gone\.onnx does not exist/);
    await problemOf(() => readModel(folder), 'onnx-read', /is a folder/);
    const huge = path.join(folder, 'huge.onnx');
    fs.closeSync(fs.openSync(huge, 'w'));
    fs.truncateSync(huge, 3e9);
    await problemOf(() => readModel(huge), 'onnx-read', /3000000000 bytes/);
  });

  it('says what another file looks like', async () => {
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(), /empty file/],
      [Buffer.from('<!doctype html><html><body>Not found'), /web page/],
      [Buffer.from('PK\x03\x04............archive/data.pkl'), /PyTorch checkpoint.*torch\.onnx\.export/],
      [Uint8Array.of(0x80, 2, 0x8a, 0x0a), /pickle.*torch\.onnx\.export/],
      [Buffer.from('\x1c\0\0\0TFL3\0\0\0\0'), /TensorFlow Lite.*tf2onnx/],
      [Buffer.from('ir_version: 7\nproducer_name: "pytorch"\n'), /written as text.*onnx\.save/],
      [Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:'), /git lfs pull/],
      [Buffer.from('PK\x03\x04........other.bin'), /zip archive/],
      [Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), /HDF5.*tf2onnx/],
      [fs.readFileSync(fixture('small/input.npy')), /NumPy array.*as the input/],
      [Buffer.from('{"format": "torch"}'), /JSON/],
      [Buffer.from('layers: 3\n'), /text file/],
    ];
    for (const [bytes, what] of cases) await problemOf(() => parseModel(bytes, 'x.onnx'), 'onnx-format', what);
  });

  it('refuses a message that is no model', async () => {
    await problemOf(() => parseModel(Uint8Array.of(8, 7), 'x.onnx'), 'onnx-format', /without a graph/);
    await problemOf(() => parseModel(modelBytes({ nodes: [] }), 'x.onnx'), 'onnx-format', /without a graph/);
    await problemOf(() => parseModel(Uint8Array.of(0xff, 0xff, 0xff), 'x.onnx'), 'onnx-format', /cut off or damaged/);
  });

  it('meets a model that is cut off anywhere with onnx-format', async () => {
    const whole = fs.readFileSync(fixture('small_qdq.onnx'));
    // the last field names the operator set, so even a cut behind the graph shows
    for (let length = 0; length < whole.length; length++) await problemOf(() => parseModel(whole.subarray(0, length), 'x.onnx'), 'onnx-format');
  });

  it('meets random bytes and damaged models with a Problem', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      problemOr(() => {
        useModel(bytes);
      });
    }), { numRuns: 500 });
    for (const name of ['small_plain.onnx', 'small_qdq.onnx', 'small_frozen_preserve.onnx', 'small_plain_nofold_preserve.onnx', 'small_qonnx.onnx']) {
      const whole = fs.readFileSync(fixture(name));
      const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
      fc.assert(fc.property(damage, (changes) => {
        const bytes = new Uint8Array(whole);
        for (const [at, value] of changes) bytes[at] = value;
        problemOr(() => {
          useModel(bytes);
        });
      }), { numRuns: 300 });
    }
  });

  it('refuses a small file that would decode to a huge one, and one that nests without end', async () => {
    // 3 million empty nodes: two bytes each
    const nodes = Buffer.alloc(6_000_000);
    for (let at = 0; at < nodes.length; at += 2) nodes[at] = 0x0a;
    const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
    const bomb = Buffer.concat([Buffer.from([0x3a, ...varint(nodes.length)]), nodes]);
    assert.equal(countObjects(ModelProtoSchema, bomb, 2_000_000), Infinity);
    const integers = Buffer.concat([Buffer.from([0x42, ...varint(5_000_000)]), Buffer.alloc(5_000_000)]);
    const tensorBomb = Buffer.concat([Buffer.from([0x3a, ...varint(integers.length + 5), 0x2a, ...varint(integers.length - 4), 0x3a, ...varint(5_000_000)]), Buffer.alloc(5_000_000)]);
    await problemOf(() => parseModel(tensorBomb, 'x.onnx'), 'onnx-format');
    assert.equal(countObjects(ModelProtoSchema, fs.readFileSync(SMALL)) < 2000, true);
  });

  describe('with data beside it', () => {
    const weights = Float32Array.from({ length: 4 }, (_, i) => i / 7);

    /** A model whose weight stands in another file. */
    function externalModel(location: string, offset?: string, length?: string): Uint8Array {
      const stored = floats('w', [1, 1, 2, 2], []);
      const entry = (key: string, value: string | undefined): { $typeName: 'tilescope.onnx.StringStringEntryProto'; key: string; value: string }[] =>
        value === undefined ? [] : [{ $typeName: 'tilescope.onnx.StringStringEntryProto', key, value }];
      stored.dataLocation = TensorProto_DataLocation.EXTERNAL;
      stored.externalData = [...entry('location', location), ...entry('offset', offset), ...entry('length', length)];
      return modelBytes({ nodes: [node('Conv', ['x', 'w'], 'y')], initializers: [stored], inputs: [declared('x', [1, 1, 4, 4])], outputs: [declared('y', [1, 1, 3, 3])] });
    }

    it('reads it, from an offset too', async () => {
      const folder = temporaryFolder();
      fs.writeFileSync(path.join(folder, 'w.bin'), Buffer.concat([Buffer.alloc(8), Buffer.from(weights.buffer), Buffer.alloc(3)]));
      fs.writeFileSync(path.join(folder, 'm.onnx'), externalModel('w.bin', '8', '16'));
      const { graph } = await readModel(path.join(folder, 'm.onnx'));
      assert.deepEqual(graph.constant('w')?.data, weights);
    });

    it('refuses what is missing, too short, or outside the folder', async () => {
      const folder = temporaryFolder();
      const inner = path.join(folder, 'inner');
      fs.mkdirSync(inner);
      fs.writeFileSync(path.join(folder, 'secret.bin'), Buffer.alloc(16));
      const write = (location: string, ...rest: string[]): string => {
        const file = path.join(inner, 'm.onnx');
        fs.writeFileSync(file, externalModel(location, ...rest));
        return file;
      };
      await problemOf(() => readModel(write('gone.bin')), 'onnx-read', /gone\.bin does not exist/);
      for (const location of ['../secret.bin', path.join(folder, 'secret.bin'), '', '..\\secret.bin', 'a\0b', '.', '..']) {
        await problemOf(() => readModel(write(location)), 'onnx-format', /not beside it/);
      }
      if (process.platform !== 'win32') {
        fs.symlinkSync(path.join(folder, 'secret.bin'), path.join(inner, 'link.bin'));
        await problemOf(() => readModel(write('link.bin')), 'onnx-format', /not beside it/);
      }
      fs.writeFileSync(path.join(inner, 'short.bin'), Buffer.alloc(10));
      for (const place of [['0', '16'], ['40'], ['-1'], ['0', '1e3'], []]) {
        const model = await readModel(write('short.bin', ...place));
        await problemOf(() => model.graph.constant('w'), 'onnx-format');
      }
      await problemOf(() => parseModel(externalModel('w.bin'), 'x.onnx').graph.constant('w'), 'onnx-read', /not at hand/);
    });
  });
});
