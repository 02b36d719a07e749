import assert from 'node:assert/strict';
import psumModule from '../../../../src/engine/simd/psum.wat';
import type { WasmMemory } from '../../../../src/engine/simd/wasm';
import { instanceMaker, reserve } from '../../../../src/engine/simd/wasm';

interface Empty {
  readonly memory: WasmMemory;
}

describe('engine: WebAssembly of any host', () => {
  it('makes instances with memories of their own, which grow when more is asked for', () => {
    const make = instanceMaker<Empty>(psumModule);
    const [one, other] = [make(), make()];
    assert.ok(one && other);
    reserve(one.memory, 200_000);
    reserve(one.memory, 100_000);
    assert.deepEqual([one.memory.buffer.byteLength, other.memory.buffer.byteLength], [4 * 65536, 65536]);
    assert.throws(() => { reserve(one.memory, 2 ** 40); }, RangeError);
  });

  it('gives nothing where the host has no WebAssembly, or does not know the instructions', () => {
    // A module with a section that no version has
    assert.equal(instanceMaker<Empty>(btoa('\0asm\x01\0\0\0\x7f\0'))(), undefined);
    const make = instanceMaker<Empty>(psumModule);
    const host = Object.getOwnPropertyDescriptor(globalThis, 'WebAssembly')!;
    Object.defineProperty(globalThis, 'WebAssembly', { ...host, value: undefined });
    try {
      assert.equal(make(), undefined);
    } finally {
      Object.defineProperty(globalThis, 'WebAssembly', host);
    }
    assert.ok(make());
  });
});
