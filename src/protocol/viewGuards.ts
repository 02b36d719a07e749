import { AXES, KINDS } from '../vectors/axis';
import { OVERFLOW_POLICIES } from '../engine/width';
import { VERDICTS } from './checkReport';
import { DATAFLOWS } from './inspect';
import type { DumpInfo, DumpValues, LayerInfo, ViewAnswer, ViewQuestion } from './inspect';
import { isRecord } from './record';
import type { Test } from './shape';
import { both, isBoolean, isCount, isFloat64Array, isInt32Array, isNumber, isSize, isString, isUint8Array, isWhole, listOf, oneOf, optional, shapeOf, variantOf } from './shape';

export const isCoordinates: Test = (value) => isRecord(value) && !Array.isArray(value) && Object.entries(value).every(([axis, at]) => at === undefined || (AXES.some((known) => known === axis) && isWhole(at)));
export const isKind = oneOf(KINDS);
const isRange = shapeOf({ min: isNumber, max: isNumber });

const tilePlace = { icTile: isCount, ocTile: isCount };
const window = { nijFrom: isCount, nijCount: isSize };

/** Tests by `type`; also what a guard of more questions is made of. */
export const VIEW_QUESTIONS: Readonly<Record<ViewQuestion['type'], Test>> = {
  tile: shapeOf(tilePlace),
  psums: shapeOf({ ...tilePlace, ...window, kij: isCount }),
  activations: shapeOf({ ...window, icTile: isCount }),
  channel: shapeOf({ ocTile: isCount, col: isCount }),
  pixel: shapeOf({ ocTile: isCount, col: isCount, oNij: isCount }),
  cycles: shapeOf({ dataflow: oneOf(DATAFLOWS), from: isCount, count: isSize }),
  layer: shapeOf({}),
  widths: shapeOf({}),
  mismatch: shapeOf({ from: optional(isCoordinates), backward: isBoolean }),
};

const testDumpValues = shapeOf({ values: isInt32Array, states: isUint8Array, differs: optional(isUint8Array) });
/** Words of a dump, where there are any, as many as the computed ones of a field. */
const hasDumpBeside =
  (field: 'values' | 'raw'): Test =>
  (value) => {
    const { dump, [field]: computed } = value as Record<string, unknown>;
    if (dump === undefined) return true;
    if (!testDumpValues(dump)) return false;
    const { values, states, differs } = dump as DumpValues;
    return [values, states, differs ?? states].every(({ length }) => length === (computed as Int32Array).length);
  };
const isFigures = shapeOf({ range: isRange, overflowing: isCount, count: isCount, histogram: shapeOf({ step: isNumber, counts: listOf(isCount) }) });
const isMemory = shapeOf({ lines: isCount, wordsPerLine: isCount, words: isCount, bits: isCount, fills: isCount });
const isFlow = shapeOf({ dataflow: oneOf(DATAFLOWS), cycles: isCount, phases: listOf(shapeOf({ phase: isString, cycles: isCount })) });
const isWidths = shapeOf({ psum: isCount, out: isCount });
/** Numbers of each PE, row or column: as many as there are. What was lost on the way is no answer. */
const isPer =
  (...axes: readonly ('rows' | 'cols')[]) =>
  (state: Record<string, unknown>): Test => {
    const count = axes.reduce((product, axis) => product * (state[axis] as number), 1);
    return (value) => isInt32Array(value) && (value as Int32Array).length === count;
  };
const [perPe, perRow, perCol] = [isPer('rows', 'cols'), isPer('rows'), isPer('cols')];

const isArrayState: Test = (value) => {
  if (!isRecord(value) || !shapeOf({ phase: isString, cycle: isCount, rows: isSize, cols: isSize })(value)) return false;
  return ['weights', 'activations', 'activationNij', 'partial'].every((name) => perPe(value)(value[name]));
};
const isPassState: Test = (value) => {
  if (!isRecord(value) || !isArrayState(value)) return false;
  const [pes, row, col] = [perPe(value), perRow(value), perCol(value)];
  return shapeOf({ l0: shapeOf({ values: row, nij: row, weightCol: row, fill: row }), columns: shapeOf({ nij: col, psum: col, ofifoFill: col }), partialNij: pes, weightPass: pes, passing: pes, passingCol: pes })(value);
};
const isAccumulateState = shapeOf({ phase: oneOf(['accumulate']), ocTile: isCount, cycle: isCount });
const isOutputState: Test = (value) => isRecord(value) && isArrayState(value) && shapeOf({ step: perPe(value), partialONij: perPe(value), rowFeed: perRow(value), colFeed: perCol(value) })(value);

const isCycleState: Test = (value) => {
  if (!isRecord(value) || !isCount(value['layerCycle'])) return false;
  if (value['dataflow'] === 'weight-stationary') return isPassState(value['state']) || isAccumulateState(value['state']);
  return value['dataflow'] === 'output-stationary' && isRecord(value['place']) && isOutputState(value['state']);
};

export const VIEW_ANSWERS: Readonly<Record<ViewAnswer['type'], Test>> = {
  tile: shapeOf({ ...tilePlace, usedRows: isCount, usedCols: isCount, weights: isInt32Array, figures: listOf(isFigures), differing: optional(listOf(isCount)) }),
  psums: both(shapeOf({ ...tilePlace, ...window, kij: isCount, values: isInt32Array, goldenDiffers: listOf(isCount) }), hasDumpBeside('values')),
  activations: shapeOf({ ...window, icTile: isCount, values: isInt32Array }),
  channel: both(shapeOf({ ocTile: isCount, col: isCount, raw: isInt32Array, goldenDiffers: listOf(isCount) }), hasDumpBeside('raw')),
  pixel: shapeOf({ ocTile: isCount, col: isCount, oNij: isCount, terms: isInt32Array, sums: isInt32Array, nij: isInt32Array, addresses: isFloat64Array, raw: isWhole, exact: isWhole, out: isWhole, dump: optional(shapeOf({ value: isWhole, state: isCount, differs: optional(isBoolean) })) }),
  cycles: shapeOf({ from: isCount, states: listOf(isCycleState) }),
  layer: shapeOf({ macs: isCount, flows: listOf(isFlow), footprint: shapeOf({ activation: isMemory, weight: isMemory, psum: isMemory, output: isMemory }), worstCase: isWidths }),
  widths: shapeOf({ psums: isCount, outputs: isCount, points: listOf(shapeOf({ bits: isCount, psumsBeyond: isCount, outputsBeyond: isCount })), least: isWidths, psumRange: isRange, outRange: isRange }),
  mismatch: shapeOf({ coordinates: optional(isCoordinates), number: optional(isCount), of: optional(isCount) }),
};

const testDumpInfo = shapeOf({ name: isString, kind: isKind, verdict: oneOf(VERDICTS), what: isString, cause: optional(isString), relu: optional(isBoolean), differing: isCount, total: isCount });

export function isDumpInfo(value: unknown): value is DumpInfo {
  return testDumpInfo(value);
}

const sizes = ['inChannels', 'outChannels', 'height', 'width', 'kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth', 'dilationHeight', 'dilationWidth', 'paddedHeight', 'paddedWidth', 'nijCount', 'kijCount', 'outHeight', 'outWidth', 'oNijCount'];
const isConv = shapeOf({ ...Object.fromEntries(sizes.map((name) => [name, isSize])), padding: shapeOf({ top: isCount, left: isCount, bottom: isCount, right: isCount }) });
const isFormat = shapeOf({ bits: isSize, signed: isBoolean });

const testLayerInfo = shapeOf({
  name: isString,
  from: isString,
  conv: isConv,
  tiling: shapeOf({ rows: isSize, cols: isSize, icTiles: isSize, ocTiles: isSize }),
  formats: shapeOf({ activation: isFormat, weight: isFormat, psum: isFormat }),
  overflow: oneOf(OVERFLOW_POLICIES),
  relu: isBoolean,
  steps: optional(shapeOf({ activation: isNumber, weight: isNumber })),
  goldens: listOf(isKind),
  cycles: shapeOf({ 'weight-stationary': isSize, 'output-stationary': isSize }),
  notes: listOf(isString),
});

export function isLayerInfo(value: unknown): value is LayerInfo {
  return testLayerInfo(value);
}

const testViewQuestion = variantOf(VIEW_QUESTIONS);
const testViewAnswer = variantOf(VIEW_ANSWERS);

export function isViewQuestion(value: unknown): value is ViewQuestion {
  return testViewQuestion(value);
}

export function isViewAnswer(value: unknown): value is ViewAnswer {
  return testViewAnswer(value);
}
