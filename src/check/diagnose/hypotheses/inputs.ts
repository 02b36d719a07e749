import { describeCoordinates } from '../../../vectors/axis';
import type { Core } from '../core';
import { upTo } from '../core';
import type { Frame } from '../frame';
import { differingColumns } from '../frame';
import type { Hypothesis } from '../hypothesis';

/** Where a weight stands. */
type WeightSource = (icTile: number, ocTile: number, col: number, kij: number, row: number) => number;

/** Faults of what enters the array: codes, their order, their places. */
export function* inputs(frame: Frame, base: Core): Iterable<Hypothesis> {
  const { weightFormat, activationFormat } = base.model;
  const { rows, cols } = base.mapping.tiling;
  const weight = indexOf(base);
  if (weightFormat.signed) {
    yield simple('weight-unsigned', 'Weights are taken as unsigned', (core) => ({ ...core, weights: core.weights.map((code) => (code < 0 ? code + 2 ** weightFormat.bits : code)) }));
  }
  if (!activationFormat.signed) {
    const half = 2 ** (activationFormat.bits - 1);
    yield simple('activation-signed', 'Activations are taken as signed', (core) => ({ ...core, activations: core.activations.map((code) => (code >= half ? code - 2 * half : code)) }));
  }
  if (rows === cols && rows > 1) yield simple('weights-transposed', 'Weights are loaded with rows and columns exchanged', rearranged((ic, oc, col, kij, row) => weight(ic, oc, row, kij, col)));
  if (rows > 1) yield simple('rows-reversed', 'The rows of the activations (or of the weights) are in reverse order', rearranged((ic, oc, col, kij, row) => weight(ic, oc, col, kij, rows - 1 - row)));
  yield* kernelOrders(base);
  yield* skippedLines(base);
  for (const row of upTo(rows)) {
    yield { id: 'dead-row', parameters: { row }, choices: rows, claim: `Row ${row} adds nothing to any psum`, core: (core) => cleared(core, upTo(cols), [row]) };
  }
  yield* deadElements(frame, base);
  yield* staleInputs(base);
}

function simple(id: Hypothesis['id'], claim: string, core: NonNullable<Hypothesis['core']>, parameters: Hypothesis['parameters'] = {}): Hypothesis {
  return { id, parameters, choices: 1, claim, core, usual: true };
}

function* kernelOrders(base: Core): Iterable<Hypothesis> {
  const { kernelHeight: height, kernelWidth: width, kijCount } = base.mapping.conv;
  if (kijCount === 1) return;
  const weight = indexOf(base);
  const order = (from: (ki: number, kj: number) => number): NonNullable<Hypothesis['core']> =>
    rearranged((ic, oc, col, kij, row) => weight(ic, oc, col, from(Math.floor(kij / width), kij % width), row));
  if (height === width) yield simple('kij-transposed', 'Kernel positions have ki and kj exchanged', order((ki, kj) => kj * width + ki));
  yield simple('kij-order', 'Kernel positions are in reverse order', order((ki, kj) => kijCount - 1 - (ki * width + kj)), { order: 'rotated' });
  yield { ...simple('kij-order', 'Kernel positions are mirrored in ki', order((ki, kj) => (height - 1 - ki) * width + kj), { order: 'ki reversed' }), choices: 3 };
  yield { ...simple('kij-order', 'Kernel positions are mirrored in kj', order((ki, kj) => ki * width + (width - 1 - kj)), { order: 'kj reversed' }), choices: 3 };
}

function* deadElements(frame: Frame, base: Core): Iterable<Hypothesis> {
  const { rows, cols } = base.mapping.tiling;
  for (const col of differingColumns(frame)) {
    for (const row of upTo(rows)) {
      const where = { col };
      yield { id: 'dead-pe', parameters: { row, col }, choices: rows * cols, claim: `The PE at row ${row}, column ${col} adds nothing`, where, core: (core) => cleared(core, [col], [row]) };
      if (row === 0) continue;
      yield { id: 'dead-pe', parameters: { row, col, loses: 'psum from above' }, choices: 2 * rows * cols, claim: `The PE at row ${row}, column ${col} adds nothing and loses the psum from above`, where, core: (core) => cleared(core, [col], upTo(row + 1)) };
    }
  }
}

const MOST_SKIPPED = 3;

/** A bench that takes the first lines of the activations for headers. The line that it reads last stays for the pixels that lack one. */
function* skippedLines({ mapping: { conv, tiling } }: Core): Iterable<Hypothesis> {
  for (let lines = 1; lines <= MOST_SKIPPED && lines < conv.nijCount; lines++) {
    yield {
      id: 'line-offset',
      parameters: { of: 'activations', lines: -lines },
      choices: 2 * lines,
      claim: `The first ${lines === 1 ? 'line' : `${lines} lines`} of the activations ${lines === 1 ? 'is' : 'are'} skipped: each pixel enters with the line ${lines} after its own`,
      core: (core) => {
        const line = (at: number): number => (Math.floor(at / conv.nijCount) * conv.nijCount + Math.min(conv.nijCount - 1, (at % conv.nijCount) + lines)) * tiling.rows;
        return { ...core, activations: core.activations.map((_, at) => core.activations[line(Math.floor(at / tiling.rows)) + (at % tiling.rows)]!) };
      },
    };
  }
}

/** Loops of its own: an array has many elements, and each gets a copy of all weights. */
function cleared(core: Core, cols: readonly number[], rows: readonly number[]): Core {
  const { tiling, conv } = core.mapping;
  const weights = core.weights.slice();
  const tiles = tiling.icTiles * tiling.ocTiles;
  for (let tile = 0; tile < tiles; tile++) {
    for (const col of cols) {
      for (let kij = 0; kij < conv.kijCount; kij++) {
        const start = ((tile * tiling.cols + col) * conv.kijCount + kij) * tiling.rows;
        for (const row of rows) weights[start + row] = 0;
      }
    }
  }
  return { ...core, weights };
}

const MOST_PAIRED = 16;

/** Weights or activations that belong to another pass. */
function* staleInputs(base: Core): Iterable<Hypothesis> {
  const { tiling, conv } = base.mapping;
  const weight = indexOf(base);
  const pairs = (count: number): [number, number][] => upTo(count).flatMap((at) => upTo(count).filter((from) => from !== at && (count <= MOST_PAIRED || Math.abs(from - at) === 1)).map((from): [number, number] => [at, from]));
  if (conv.kijCount > 1) {
    const late = rearranged((ic, oc, col, kij, row) => weight(ic, oc, col, Math.max(0, kij - 1), row));
    yield { id: 'stale-tile', parameters: { data: 'weights', axis: 'kij', late: 1 }, choices: 2, claim: 'Every kij is computed with the weights of the one before it', core: late };
  }
  for (const [at, from] of pairs(conv.kijCount)) {
    yield stale('weights', { kij: at }, { kij: from }, conv.kijCount, rearranged((ic, oc, col, kij, row) => weight(ic, oc, col, kij === at ? from : kij, row)));
  }
  for (const [at, from] of pairs(tiling.icTiles)) {
    yield stale('weights', { icTile: at }, { icTile: from }, tiling.icTiles, rearranged((ic, oc, col, kij, row) => weight(ic === at ? from : ic, oc, col, kij, row)));
    yield stale('activations', { icTile: at }, { icTile: from }, tiling.icTiles, (core) => {
      const activations = core.activations.slice();
      const length = conv.nijCount * tiling.rows;
      activations.copyWithin(at * length, from * length, (from + 1) * length);
      return { ...core, activations };
    });
  }
  for (const [at, from] of pairs(tiling.ocTiles)) {
    yield stale('weights', { ocTile: at }, { ocTile: from }, tiling.ocTiles, rearranged((ic, oc, col, kij, row) => weight(ic, oc === at ? from : oc, col, kij, row)));
  }
}

function stale(data: string, at: Record<string, number>, from: Record<string, number>, count: number, core: NonNullable<Hypothesis['core']>): Hypothesis {
  const [axis] = Object.keys(at);
  const isNext = Math.abs(at[axis!]! - from[axis!]!) === 1;
  return {
    id: 'stale-tile',
    parameters: { data, ...at, from: from[axis!]! },
    choices: 2 * count * (isNext ? 2 : count),
    claim: `${describeCoordinates(at)} is computed with the ${data} of ${describeCoordinates(from)}`,
    core,
  };
}

/** Weights taken from other places of the same tensor. */
function rearranged(source: WeightSource): (core: Core) => Core {
  return (core) => {
    const { tiling, conv } = core.mapping;
    const weights = new Int32Array(core.weights.length);
    let at = 0;
    for (let ic = 0; ic < tiling.icTiles; ic++)
      for (let oc = 0; oc < tiling.ocTiles; oc++)
        for (let col = 0; col < tiling.cols; col++)
          for (let kij = 0; kij < conv.kijCount; kij++) for (let row = 0; row < tiling.rows; row++) weights[at++] = core.weights[source(ic, oc, col, kij, row)]!;
    return { ...core, weights };
  };
}

/** Index into `[icTile, ocTile, col, kij, row]`. */
function indexOf({ mapping: { tiling, conv } }: Core): WeightSource {
  return (icTile, ocTile, col, kij, row) => (((icTile * tiling.ocTiles + ocTile) * tiling.cols + col) * conv.kijCount + kij) * tiling.rows + row;
}
