import type { Kind } from '../../src/vectors/axis';
import type { PairModel, WordPair } from '../../src/check/pair';
import { WORD_STATES } from '../../src/check/pair';
import { conv } from '../../src/engine/conv';
import { mapLayer, tileActivations, tileWeights } from '../../src/engine/tiling';
import type { TestLayer } from './layers';
import type { Entry } from './simulator';
import { icTiles, ocTiles, outSize, padded } from './simulator';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** What a diagnosis is given: the golden entries, the entries of a dump, and the layer's inputs. */
export function pairOf(layer: TestLayer, kind: 'psum' | 'out', golden: readonly Entry[], dump: readonly Entry[], relu: boolean, model = true): WordPair {
  const side = padded(layer);
  const entryAxes =
    kind === 'psum'
      ? [
          { axis: 'icTile' as const, coordinates: upTo(icTiles(layer)) },
          { axis: 'ocTile' as const, coordinates: upTo(ocTiles(layer)) },
          { axis: 'kij' as const, coordinates: upTo(layer.kernel ** 2) },
          { axis: 'nij' as const, coordinates: upTo(side * side) },
        ]
      : [
          { axis: 'ocTile' as const, coordinates: upTo(ocTiles(layer)) },
          { axis: 'o_nij' as const, coordinates: upTo(outSize(layer) ** 2) },
        ];
  const { cols } = layer;
  const found = new Int32Array(golden.length * cols);
  const state = new Uint8Array(golden.length * cols);
  for (const entry of golden.keys()) {
    for (let col = 0; col < cols; col++) {
      const word = dump[entry]?.[col];
      state[entry * cols + col] = word === undefined ? WORD_STATES.missing : word === null ? WORD_STATES.unwritten : WORD_STATES.known;
      found[entry * cols + col] = word ?? 0;
    }
  }
  return {
    kind: kind satisfies Kind,
    format: { bits: layer.psumBits, signed: true },
    entryAxes,
    wordAxes: [{ axis: 'col', coordinates: upTo(cols) }],
    expected: Int32Array.from(golden.flat().map((word) => word ?? 0)),
    found,
    state,
    dump: {
      count: dump.length,
      expected: golden.length,
      entryOf: Int32Array.from(golden.map((_, entry) => (entry < dump.length ? entry : -1))),
    },
    ...(model && { model: modelOf(layer, relu) }),
  };
}

export function modelOf(layer: TestLayer, relu: boolean): PairModel {
  const { padding: edge, size, kernel, stride } = layer;
  const shape = conv({
    inChannels: layer.inChannels,
    outChannels: layer.outChannels,
    height: size,
    width: size,
    kernelHeight: kernel,
    kernelWidth: kernel,
    strideHeight: stride,
    strideWidth: stride,
    dilationHeight: 1,
    dilationWidth: 1,
    padding: { top: edge, left: edge, bottom: edge, right: edge },
  });
  const mapping = mapLayer(shape, { rows: layer.rows, cols: layer.cols });
  return {
    mapping,
    activationTiles: tileActivations(mapping, Int32Array.from(layer.activations.flat(2))),
    weightTiles: tileWeights(mapping, Int32Array.from(layer.weights.flat(3))),
    activationFormat: { bits: layer.activationBits, signed: false },
    weightFormat: { bits: layer.weightBits, signed: true },
    psumBits: layer.psumBits,
    overflow: 'wrap',
    relu,
  };
}
