// What the measurements call, as one bundle.
export { conv } from '../../src/engine/conv';
export { plainPsums, psumTile } from '../../src/engine/psum';
export { Kernel } from '../../src/engine/simd/kernel';
export { simdTileSums } from '../../src/engine/simd/simdTileSums';
export { TileMemory } from '../../src/engine/simd/tileMemory';
export { plainTileSums } from '../../src/engine/tileSums';
export { mapLayer, tileActivations, tileWeights } from '../../src/engine/tiling';
export { decode, decodePlain, encode, encodePlain } from '../../src/vectors/codec';
export { Gatherer } from '../../src/vectors/gather';
export { Layout } from '../../src/vectors/layout';
export { textKernel } from '../../src/vectors/simd/textKernel';
export { declared, floats, modelBytes, node } from '../../test/unit/model/onnxBuilder';
