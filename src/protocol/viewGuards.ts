import { AXES, KINDS } from '../vectors/axis';
import { OVERFLOW_POLICIES } from '../engine/width';
import { VERDICTS } from './checkReport';
import { DATAFLOWS } from './inspect';
import type { LayerInfo, ViewAnswer, ViewQuestion } from './inspect';
import { isRecord } from './record';
import type { Test } from './shape';
import { isBoolean, isCount, isFloat64Array, isInt32Array, isNumber, isString, isUint8Array, isWhole, listOf, oneOf, optional, shapeOf, variantOf } from './shape';

export const isCoordinates: Test = (value) => isRecord(value) && Object.entries(value).every(([axis, at]) => at === undefined || (AXES.some((known) => known === axis) && isWhole(at)));
export const isKind = oneOf(KINDS);
const isRange = shapeOf({ min: isNumber, max: isNumber });

const tilePlace = { icTile: isCount, ocTile: isCount };
const window = { nijFrom: isCount, nijCount: isCount };

/** Tests by `type`; also what a guard of more questions is made of. */
export const VIEW_QUESTIONS: Readonly<Record<ViewQuestion['type'], Test>> = {
  tile: shapeOf(tilePlace),
  psums: shapeOf({ ...tilePlace, ...window, kij: isCount }),
  activations: shapeOf({ ...window, icTile: isCount }),
  channel: shapeOf({ ocTile: isCount, col: isCount }),
  pixel: shapeOf({ ocTile: isCount, col: isCount, oNij: isCount }),
  cycles: shapeOf({ dataflow: oneOf(DATAFLOWS), from: isCount, count: isCount }),
  layer: shapeOf({}),
  widths: shapeOf({}),
  mismatch: shapeOf({ from: optional(isCoordinates), backward: isBoolean }),
};

const isDumpValues = shapeOf({ values: isInt32Array, states: isUint8Array });
const isFigures = shapeOf({ range: isRange, overflowing: isCount, count: isCount, histogram: shapeOf({ step: isNumber, counts: listOf(isCount) }) });
const isMemory = shapeOf({ lines: isCount, wordsPerLine: isCount, words: isCount, bits: isCount, fills: isCount });
const isFlow = shapeOf({ dataflow: oneOf(DATAFLOWS), cycles: isCount, utilisation: isNumber, phases: listOf(shapeOf({ phase: isString, cycles: isCount })) });
const isWidths = shapeOf({ psum: isCount, out: isCount });
const isArrayState = shapeOf({ phase: isString, cycle: isCount, rows: isCount, cols: isCount, weights: isInt32Array, activations: isInt32Array, activationNij: isInt32Array, partial: isInt32Array });
const isPassState: Test = (value) =>
  isArrayState(value) && shapeOf({ l0: shapeOf({ values: isInt32Array, fill: isInt32Array }), columns: shapeOf({ psum: isInt32Array, ofifoFill: isInt32Array }), partialNij: isInt32Array, weightPass: isInt32Array })(value);
const isAccumulateState = shapeOf({ phase: oneOf(['accumulate']), ocTile: isCount, cycle: isCount });
const isOutputState: Test = (value) => isArrayState(value) && shapeOf({ partialONij: isInt32Array, rowFeed: isInt32Array, colFeed: isInt32Array })(value);

const isCycleState: Test = (value) => {
  if (!isRecord(value) || !isCount(value['layerCycle'])) return false;
  if (value['dataflow'] === 'weight-stationary') return isPassState(value['state']) || isAccumulateState(value['state']);
  return value['dataflow'] === 'output-stationary' && isRecord(value['place']) && isOutputState(value['state']);
};

export const VIEW_ANSWERS: Readonly<Record<ViewAnswer['type'], Test>> = {
  tile: shapeOf({ ...tilePlace, usedRows: isCount, usedCols: isCount, weights: isInt32Array, figures: listOf(isFigures), differing: optional(listOf(isCount)) }),
  psums: shapeOf({ ...tilePlace, ...window, kij: isCount, values: isInt32Array, dump: optional(isDumpValues), goldenDiffers: listOf(isCount) }),
  activations: shapeOf({ ...window, icTile: isCount, values: isInt32Array }),
  channel: shapeOf({ ocTile: isCount, col: isCount, raw: isInt32Array, dump: optional(isDumpValues), goldenDiffers: listOf(isCount) }),
  pixel: shapeOf({ ocTile: isCount, col: isCount, oNij: isCount, terms: isInt32Array, sums: isInt32Array, nij: isInt32Array, addresses: isFloat64Array, raw: isWhole, exact: isWhole, out: isWhole, dump: optional(shapeOf({ value: isWhole, state: isCount })) }),
  cycles: shapeOf({ from: isCount, states: listOf(isCycleState) }),
  layer: shapeOf({ macs: isCount, flows: listOf(isFlow), footprint: shapeOf({ activation: isMemory, weight: isMemory, psum: isMemory, output: isMemory }), worstCase: isWidths }),
  widths: shapeOf({ psums: isCount, outputs: isCount, points: listOf(shapeOf({ bits: isCount, psumsBeyond: isCount, outputsBeyond: isCount })), least: isWidths, psumRange: isRange, outRange: isRange }),
  mismatch: shapeOf({ coordinates: optional(isCoordinates), number: optional(isCount), of: optional(isCount) }),
};

export const isDumpInfo = shapeOf({ name: isString, kind: isKind, verdict: oneOf(VERDICTS), what: isString, cause: optional(isString), differing: isCount, total: isCount });

const sizes = ['inChannels', 'outChannels', 'height', 'width', 'kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth', 'dilationHeight', 'dilationWidth', 'paddedHeight', 'paddedWidth', 'nijCount', 'kijCount', 'outHeight', 'outWidth', 'oNijCount'];
const isConv = shapeOf({ ...Object.fromEntries(sizes.map((name) => [name, isCount])), padding: shapeOf({ top: isCount, left: isCount, bottom: isCount, right: isCount }) });
const isFormat = shapeOf({ bits: isCount, signed: isBoolean });

const testLayerInfo = shapeOf({
  name: isString,
  from: isString,
  conv: isConv,
  tiling: shapeOf({ rows: isCount, cols: isCount, icTiles: isCount, ocTiles: isCount }),
  formats: shapeOf({ activation: isFormat, weight: isFormat, psum: isFormat }),
  overflow: oneOf(OVERFLOW_POLICIES),
  relu: isBoolean,
  steps: optional(shapeOf({ activation: isNumber, weight: isNumber })),
  goldens: listOf(isKind),
  cycles: shapeOf({ 'weight-stationary': isCount, 'output-stationary': isCount }),
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
