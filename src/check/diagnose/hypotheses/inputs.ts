import { describeCoordinates } from '../../../vectors/axis';
import { WORD_STATES } from '../../pair';
import type { Core } from '../core';
import { upTo } from '../core';
import { coreRead } from '../evaluate';
import type { Frame } from '../frame';
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
  for (const row of upTo(rows)) {
    yield { id: 'dead-row', parameters: { row }, choices: rows, claim: `Row ${row} adds nothing to any psum`, core: (core) => cleared(core, upTo(cols), [row]) };
  }
  yield* deadElements(frame, base);
  yield* staleInputs(base);
  yield* padding(frame, base);
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

function* deadElements({ wrong, axes, from, to }: Frame, base: Core): Iterable<Hypothesis> {
  const { rows, cols } = base.mapping.tiling;
  const columns = axes.get('col');
  const differs = new Set<number>();
  if (columns !== undefined) for (let i = from; i < to; i++) if (wrong[i] === 1) differs.add(columns.coordinates[Math.floor(i / columns.stride) % columns.count]!);
  for (const col of differs) {
    for (const row of upTo(rows)) {
      const where = { col };
      yield { id: 'dead-pe', parameters: { row, col }, choices: rows * cols, claim: `The PE at row ${row}, column ${col} adds nothing`, where, core: (core) => cleared(core, [col], [row]) };
      if (row === 0) continue;
      yield { id: 'dead-pe', parameters: { row, col, loses: 'psum from above' }, choices: 2 * rows * cols, claim: `The PE at row ${row}, column ${col} adds nothing and loses the psum from above`, where, core: (core) => cleared(core, [col], upTo(row + 1)) };
    }
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

function* padding(frame: Frame, base: Core): Iterable<Hypothesis> {
  const { padding: edges } = base.mapping.conv;
  if (edges.top + edges.left + edges.bottom + edges.right === 0) return;
  yield { id: 'padding-nonzero', parameters: { value: 'nearest pixel' }, choices: 2, claim: 'The padding pixels hold the nearest pixel of the image', core: padded((nearest) => nearest), usual: true };
  for (const value of paddingConstants(frame, base)) {
    yield { id: 'padding-nonzero', parameters: { value }, choices: 2 ** base.model.activationFormat.bits, claim: `The padding pixels hold ${value}`, core: padded(() => value) };
  }
}

function padded(value: (nearest: number) => number): (core: Core) => Core {
  return (core) => {
    const { conv, tiling } = core.mapping;
    const activations = core.activations.slice();
    for (let tile = 0; tile < tiling.icTiles; tile++) {
      for (let nij = 0; nij < conv.nijCount; nij++) {
        const nearest = nearestPixel(core, nij);
        if (nearest === nij) continue;
        const [to, from] = [nij, nearest].map((pixel) => (tile * conv.nijCount + pixel) * tiling.rows) as [number, number];
        for (let row = 0; row < tiling.rows; row++) activations[to + row] = value(core.activations[from + row]!);
      }
    }
    return { ...core, activations };
  };
}

function nearestPixel({ mapping: { conv } }: Core, nij: number): number {
  const clamp = (value: number, least: number, count: number): number => Math.min(least + count - 1, Math.max(least, value));
  const i = clamp(Math.floor(nij / conv.paddedWidth), conv.padding.top, conv.height);
  const j = clamp(nij % conv.paddedWidth, conv.padding.left, conv.width);
  return i * conv.paddedWidth + j;
}

/** Words are linear in the constant: differing ones are solved for it, and the most frequent solutions are tried. */
function paddingConstants(frame: Frame, base: Core): number[] {
  const linear = { ...base, activate: (value: number): number => value };
  const without = coreRead(frame, linear);
  const withOne = coreRead(frame, padded(() => 1)(linear));
  const votes = new Map<number, number>();
  for (const index of frame.sample) {
    if (frame.wrong[index] === 0 || frame.pair.state[index] !== WORD_STATES.known) continue;
    const value = (frame.pair.found[index]! - without(index)) / (withOne(index) - without(index));
    if (Number.isInteger(value) && value !== 0) votes.set(value, (votes.get(value) ?? 0) + 1);
  }
  return [...votes].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([value]) => value);
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
