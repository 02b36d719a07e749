import assert from 'node:assert/strict';
import { conv } from '../../../src/engine/conv';
import { Problem } from '../../../src/engine/problem';
import { Kernel } from '../../../src/engine/simd/kernel';
import { mapLayer } from '../../../src/engine/tiling';
import { computedLayer } from '../../../src/project/computedLayer';

describe('computing a layer', () => {
  it('one that is cancelled midway gives the memory of the kernel back', async () => {
    const mapping = mapLayer(conv({ inChannels: 1, outChannels: 64, height: 600, width: 600, kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } }), { rows: 1, cols: 64 });
    let bytes = 0;
    const onProgress = (): void => { bytes = Kernel.forBytes(0)!.memory.byteLength; };
    const computing = computedLayer({ mapping, activationCodes: new Int32Array(360000), weightCodes: new Int32Array(64), psumBits: 16, overflow: 'wrap' }, { signal: AbortSignal.abort(), onProgress });
    await assert.rejects(computing, (error) => error instanceof Problem && error.code === 'cancelled');
    assert.ok(bytes > 2 ** 26, 'it needs more than is kept');
    assert.ok(Kernel.forBytes(0)!.memory.byteLength < 2 ** 26);
  });
});
