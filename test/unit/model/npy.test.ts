import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { parseNpy, readNpy, writeNpy } from '../../../src/model/npy';
import { asFloat32, asInt32 } from '../../../src/model/npyConvert';
import { fixture, fixtureTensor, problemOf, problemOr, temporaryFolder, tensor } from './support';

/** A .npy image with any header and data. */
function npyImage(header: string, data: Uint8Array, { version = 1, align = 64 }: { version?: number; align?: number } = {}): Uint8Array {
  const prefix = version === 1 ? 10 : 12;
  const length = Math.ceil((prefix + header.length + 1) / align) * align - prefix;
  const size = version === 1 ? [length & 255, length >> 8] : [length & 255, length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...Buffer.from('NUMPY'), version, 0, ...size, ...Buffer.from(`${header.padEnd(length - 1)}\n`), ...data]);
}

function header(descr: string, shape: string, fortran = 'False'): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
}

const bytesOf = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe('npy', function () {
  this.timeout(60_000);

  it('reads the arrays that NumPy wrote', async () => {
    const codes = await readNpy(fixture('small/weight_int__features.0.npy'));
    assert.deepEqual([codes.dtype, codes.shape], ['int8', [8, 8, 3, 3]]);
    assert.deepEqual([...codes.data].slice(0, 3), [0, -1, 1]);
    const input = fixtureTensor('vggtiny/input.npy');
    assert.deepEqual([input.dtype, input.shape, input.data.length], ['float32', [1, 3, 32, 32], 3072]);
  });

  it('gives back what it writes, for every type and shape', () => {
    const types = [Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, Uint8Array, Uint16Array, Uint32Array];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), fc.integer(), (Type, shape, seed) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const array = new Type(count).map((_, i) => (seed + i * 7) % 100);
        const again = parseNpy(writeNpy(array, shape), 'x.npy');
        assert.deepEqual(again.shape, shape);
        assert.deepEqual(again.data, array);
      }),
    );
    assert.deepEqual(parseNpy(writeNpy(BigInt64Array.of(1n, -2n), [2]), 'x.npy').data, BigInt64Array.of(1n, -2n));
  });

  it('reads big-endian, Fortran-ordered, misaligned and version 2 and 3 files', () => {
    assert.deepEqual([...parseNpy(npyImage(header('>i2', '(2,)'), Uint8Array.of(1, 2, 255, 254)), 'x').data], [258, -2]);
    const columns = bytesOf(Int16Array.of(1, 4, 2, 5, 3, 6));
    assert.deepEqual([...parseNpy(npyImage(header('<i2', '(2, 3)', 'True'), columns), 'x').data], [1, 2, 3, 4, 5, 6]);
    const cube = Int8Array.from({ length: 24 }, (_, flat) => flat);
    const fortran = parseNpy(npyImage(header('|i1', '(2, 3, 4)', 'True'), bytesOf(cube)), 'x');
    // element (i, j, k) stands at i + 2j + 6k in Fortran order
    assert.deepEqual([...fortran.data], [0, 1].flatMap((i) => [0, 1, 2].flatMap((j) => [0, 1, 2, 3].map((k) => i + 2 * j + 6 * k))));
    for (const version of [1, 2, 3]) {
      const odd = npyImage(header('<f8', '(1,)'), bytesOf(Float64Array.of(0.1)), { version, align: 1 });
      assert.deepEqual([...parseNpy(odd, 'x').data], [0.1]);
    }
    const view = npyImage(header('<f4', '(1,)'), bytesOf(Float32Array.of(0.5)));
    const shifted = new Uint8Array(view.length + 3);
    shifted.set(view, 3);
    assert.deepEqual([...parseNpy(shifted.subarray(3), 'x').data], [0.5]);
  });

  it('widens float16, reads bool, scalars and empty tensors', () => {
    assert.deepEqual([...parseNpy(npyImage(header('<f2', '(3,)'), bytesOf(Uint16Array.of(0x3c00, 0xc000, 0x7c00))), 'x').data], [1, -2, Infinity]);
    const flags = parseNpy(npyImage(header('|b1', '(2,)'), Uint8Array.of(0, 1)), 'x');
    assert.deepEqual([flags.dtype, ...flags.data], ['bool', 0, 1]);
    assert.deepEqual(parseNpy(npyImage(header('<i4', '()'), bytesOf(Int32Array.of(7))), 'x').shape, []);
    assert.equal(parseNpy(npyImage(header('<f4', '(0, 3)'), new Uint8Array()), 'x').data.length, 0);
  });

  it('says what another file looks like', async () => {
    const zip = (inside: string): Uint8Array => Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26), Buffer.from(inside)]);
    const cases: [Uint8Array, RegExp][] = [
      [zip('arr_0.npy'), /archive of several arrays.*\["name"\]/],
      [zip('archive/data.pkl'), /PyTorch checkpoint.*numpy\(\)/],
      [zip('notes.txt'), /zip archive/],
      [Uint8Array.of(0x80, 2, 0x8a), /pickle/],
      [Buffer.from('<!DOCTYPE html><html>'), /web page/],
      [Buffer.from('version https://git-lfs.github.com/spec/v1\n'), /git lfs pull/],
      [Buffer.from('1.0 2.0 3.0\n'), /text file/],
      [Uint8Array.of(), /empty/],
      [Uint8Array.of(0, 1, 2, 3), /does not begin with the NumPy signature/],
    ];
    for (const [bytes, what] of cases) await problemOf(() => parseNpy(bytes, 'x.npy'), 'npy-format', what);
  });

  it('refuses a header that says nothing, and types that are no numbers', async () => {
    for (const text of ['{}', 'not a dictionary', header('<f4', '(2'), "{'descr': '<f4', 'shape': (1,), }"]) {
      await problemOf(() => parseNpy(npyImage(text, new Uint8Array(4)), 'x.npy'), 'npy-format');
    }
    for (const descr of ['|O', '<U5', '|S3', '<c8', '|V2', '<f16', '<M8[ns]', '<f3']) {
      await problemOf(() => parseNpy(npyImage(header(descr, '(1,)'), new Uint8Array(16)), 'x.npy'), 'npy-dtype', /float32/);
    }
    await problemOf(() => parseNpy(npyImage("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", new Uint8Array(4)), 'x.npy'), 'npy-dtype');
    for (const shape of ['(-1,)', '(1, x)', '(999999999, 999999999)', '(1,,2)']) {
      await problemOf(() => parseNpy(npyImage(header('<f4', shape), new Uint8Array(4)), 'x.npy'), 'npy-shape');
    }
    await problemOf(() => parseNpy(Uint8Array.of(0x93, ...Buffer.from('NUMPY'), 9, 0, 4, 0, 0, 0), 'x.npy'), 'npy-format', /version 9/);
  });

  it('says how much is missing or too much', async () => {
    const whole = fs.readFileSync(fixture('small/input.npy'));
    await problemOf(() => parseNpy(whole.subarray(0, whole.length - 5), 'x.npy'), 'npy-truncated', /needs 512 bytes of data; the file has 507/);
    await problemOf(() => parseNpy(Buffer.concat([whole, whole]), 'x.npy'), 'npy-format', /behind the tensor/);
  });

  it('meets any cut-off file with a Problem', () => {
    const whole = fs.readFileSync(fixture('small/act_int__features.0.npy'));
    for (let length = 0; length < whole.length; length++) assert.equal(problemOr(() => parseNpy(whole.subarray(0, length), 'x.npy')), undefined);
  });

  it('meets any damaged or random file with a Problem or a tensor that fills its shape', () => {
    const whole = fs.readFileSync(fixture('small/act_int__features.0.npy'));
    const check = (bytes: Uint8Array): void => {
      const read = problemOr(() => parseNpy(bytes, 'x.npy'));
      if (read !== undefined) assert.equal(read.data.length, read.shape.reduce((a, b) => a * b, 1));
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), check));
    fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
      check(whole.map((byte, i) => (i === at ? value : byte)));
    }), { numRuns: 2000 });
  });

  it('names a path that cannot be read', async () => {
    const folder = temporaryFolder();
    await problemOf(() => readNpy(path.join(folder, 'gone.npy')), 'npy-read', /gone\.npy does not exist/);
    await problemOf(() => readNpy(path.join(fixture('small/input.npy'), 'x.npy')), 'npy-read', /does not exist/);
    await problemOf(() => readNpy(folder), 'npy-read', /is a folder/);
    const huge = path.join(folder, 'huge.npy');
    fs.closeSync(fs.openSync(huge, 'w'));
    fs.truncateSync(huge, 2 ** 31);
    await problemOf(() => readNpy(huge), 'npy-read', /at most 2147483647/);
    if (process.platform !== 'win32') await problemOf(() => readNpy('/dev/null'), 'npy-read', /device or a pipe/);
  });

  it('writes only what fills the shape', async () => {
    await problemOf(() => writeNpy(Float32Array.of(1, 2), [3]), 'npy-shape');
  });
});

describe('npy conversion', () => {
  it('rounds doubles to float32 and keeps NaN and infinities', () => {
    assert.deepEqual([...asFloat32(tensor([4], Float64Array.of(0.1, NaN, Infinity, 1e300), 'float64'))], [Math.fround(0.1), NaN, Infinity, Infinity]);
  });

  it('does not take integers for real values', async () => {
    await problemOf(() => asFloat32(tensor([1], Int8Array.of(1), 'int8')), 'npy-dtype', /holds int8/);
  });

  it('takes any integer type and whole floats as codes', () => {
    assert.deepEqual([...asInt32(tensor([2], Uint8Array.of(0, 255), 'uint8'))], [0, 255]);
    assert.deepEqual([...asInt32(tensor([2], BigInt64Array.of(-7n, 7n), 'int64'))], [-7, 7]);
    assert.deepEqual([...asInt32(tensor([3], [-0, 3, -7]))], [0, 3, -7]);
  });

  it('names the first element that is no code', async () => {
    await problemOf(() => asInt32(tensor([2, 2], [1, 2, 0.5, 0.25])), 'npy-dtype', /\[1, 0\].*0\.5, which is not a whole number/);
    await problemOf(() => asInt32(tensor([1], [NaN])), 'npy-dtype');
    await problemOf(() => asInt32(tensor([2], BigInt64Array.of(0n, 2n ** 31n), 'int64')), 'npy-dtype', /2147483648, which does not fit/);
    await problemOf(() => asInt32(tensor([1], Uint32Array.of(2 ** 32 - 1), 'uint32')), 'npy-dtype', /does not fit/);
  });
});
