import { OVERFLOW_POLICIES } from '../engine/width';
import { AXES, KINDS } from '../vectors/axis';
import { isCheckTarget } from './checkGuards';
import { VERDICTS } from './checkReport';
import type { InspectReply, InspectRequest, InspectSubject, ViewAnswer, ViewQuestion } from './inspect';
import { DATAFLOWS } from './inspect';
import { isProblemData } from './job';
import { isRecord } from './record';

type Fields = Readonly<Record<string, (value: unknown) => boolean>>;

/** Is this a question, or a cancellation, in the right form? Whether its place is in the layer only the thread knows. */
export function isInspectRequest(value: unknown): value is InspectRequest {
  return isRecord(value) && isId(value['id']) && (value['type'] === 'cancel' || isOneOf(QUESTIONS, value) || isViewQuestion(value));
}

export function isViewQuestion(value: unknown): value is ViewQuestion {
  return isOneOf(VIEW_QUESTIONS, value);
}

/** Is this an answer, or a report of progress, whose parts are of the right types and fit each other? */
export function isInspectReply(value: unknown): value is InspectReply {
  return isRecord(value) && isWhole(value['id']) && (isOneOf(ANSWERS, value) || isViewAnswer(value));
}

export function isViewAnswer(value: unknown): value is ViewAnswer {
  if (!isRecord(value) || !isOneOf(VIEW_ANSWERS, value)) return false;
  if (value['type'] === 'psums') return beside(value['values'], value['dump']);
  return value['type'] !== 'channel' || beside(value['raw'], value['dump']);
}

/** The number of a message that is no question, if it has one, so that it can be answered. */
export function idOf(value: unknown): number | undefined {
  return isRecord(value) && isId(value['id']) ? value['id'] : undefined;
}

const isId = (value: unknown): value is number => isIndex(value);
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value);
const isIndex = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isCount = (value: unknown): boolean => isIndex(value) && value > 0;
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isString = (value: unknown): boolean => typeof value === 'string';
/** The system's own functions throw on a NUL. */
const isPath = (value: unknown): boolean => typeof value === 'string' && value !== '' && !value.includes('\0');
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isInts = (value: unknown): value is Int32Array => value instanceof Int32Array;
const isFloats = (value: unknown): boolean => value instanceof Float64Array;
const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;
const isIn = (list: readonly string[]) => (value: unknown): boolean => typeof value === 'string' && list.includes(value);
const isListOf = (isOne: (value: unknown) => boolean) => (value: unknown): boolean => Array.isArray(value) && value.every(isOne);
const maybe = (isIt: (value: unknown) => boolean) => (value: unknown): boolean => value === undefined || isIt(value);
const has = (fields: Fields) => (value: unknown): boolean => isRecord(value) && Object.entries(fields).every(([key, isIt]) => isIt(value[key]));

function isOneOf(kinds: Readonly<Record<string, Fields>>, value: unknown): boolean {
  if (!isRecord(value) || typeof value['type'] !== 'string' || !Object.hasOwn(kinds, value['type'])) return false;
  return has(kinds[value['type']]!)(value);
}

function isSubject(value: unknown): value is InspectSubject {
  return isOneOf({ layer: { file: isPath, layer: isString, text: maybe(isString) }, set: { folder: isPath, filesOnly: maybe(isFlag) } }, value);
}

/** Only axes, each a whole number. */
function isCoordinates(value: unknown): boolean {
  return isRecord(value) && !Array.isArray(value) && Object.entries(value).every(([axis, at]) => AXES.some((one) => one === axis) && (at === undefined || isIndex(at)));
}

const PLACE: Fields = { icTile: isIndex, ocTile: isIndex };
const WINDOW: Fields = { nijFrom: isIndex, nijCount: isCount };

const QUESTIONS: Readonly<Record<string, Fields>> = {
  open: { subject: isSubject },
  compare: { target: maybe(isCheckTarget) },
  locate: { kind: isIn(KINDS), coordinates: isCoordinates, side: isIn(['golden', 'dump']) },
};

const VIEW_QUESTIONS: Readonly<Record<ViewQuestion['type'], Fields>> = {
  tile: PLACE,
  psums: { ...PLACE, ...WINDOW, kij: isIndex },
  activations: { ...WINDOW, icTile: isIndex },
  channel: { ocTile: isIndex, col: isIndex },
  pixel: { ocTile: isIndex, col: isIndex, oNij: isIndex },
  cycles: { dataflow: isIn(DATAFLOWS), from: isIndex, count: isCount },
  layer: {},
  widths: {},
  mismatch: { from: maybe(isCoordinates), backward: isFlag },
};

const RANGE = has({ min: isNumber, max: isNumber });
const FORMAT = has({ bits: isCount, signed: isFlag });
const LAYER_INFO = has({
  name: isString,
  from: isString,
  conv: has({ nijCount: isCount, kijCount: isCount, oNijCount: isCount, paddedWidth: isCount, outWidth: isCount, kernelWidth: isCount }),
  tiling: has({ rows: isCount, cols: isCount, icTiles: isCount, ocTiles: isCount }),
  formats: has({ activation: FORMAT, weight: FORMAT, psum: FORMAT }),
  overflow: isIn(OVERFLOW_POLICIES),
  relu: isFlag,
  steps: maybe(has({ activation: isNumber, weight: isNumber })),
  goldens: isListOf(isIn(KINDS)),
  cycles: has({ 'weight-stationary': isCount, 'output-stationary': isCount }),
  notes: isListOf(isString),
});
const DUMP_INFO = has({ name: isString, kind: isIn(KINDS), verdict: isIn(VERDICTS), what: isString, cause: maybe(isString), relu: maybe(isFlag), differing: isIndex, total: isIndex });
const FIGURES = has({ range: RANGE, overflowing: isIndex, histogram: has({ step: isNumber, counts: isListOf(isIndex) }), count: isIndex });
const FLOW = has({ dataflow: isIn(DATAFLOWS), cycles: isIndex, phases: isListOf(has({ phase: isString, cycles: isIndex })), utilisation: isNumber });
const MEMORY = has({ lines: isIndex, wordsPerLine: isIndex, words: isIndex, bits: isIndex, fills: isIndex });
const CYCLE = (value: unknown): boolean =>
  isRecord(value) && isIndex(value['layerCycle']) && isRecord(value['state']) && (value['dataflow'] === 'weight-stationary' || (value['dataflow'] === 'output-stationary' && isRecord(value['place'])));

/** Dump words, as many as computed ones. */
const beside = (values: unknown, dump: unknown): boolean => {
  if (dump === undefined) return true;
  if (!isRecord(dump) || !isInts(values)) return false;
  const { values: words, states, differs } = dump;
  const alike = (array: unknown): boolean => isBytes(array) && array.length === values.length;
  return isInts(words) && words.length === values.length && alike(states) && (differs === undefined || alike(differs));
};

const ANSWERS: Readonly<Record<string, Fields>> = {
  progress: { what: isString, done: isNumber, total: isNumber },
  opened: { layer: LAYER_INFO, files: isListOf(has({ file: isString, kind: isIn(KINDS) })), inputs: isListOf(isString) },
  compared: { dump: maybe(DUMP_INFO) },
  located: { place: maybe(has({ file: isString, line: isIndex, column: isIndex, length: isIndex })) },
  cancelled: {},
  failed: { problem: isProblemData },
};

const VIEW_ANSWERS: Readonly<Record<ViewAnswer['type'], Fields>> = {
  tile: { ...PLACE, usedRows: isIndex, usedCols: isIndex, weights: isInts, figures: isListOf(FIGURES), differing: maybe(isListOf(isIndex)) },
  psums: { ...PLACE, ...WINDOW, kij: isIndex, values: isInts, goldenDiffers: isListOf(isIndex) },
  activations: { ...WINDOW, icTile: isIndex, values: isInts },
  channel: { ocTile: isIndex, col: isIndex, raw: isInts, goldenDiffers: isListOf(isIndex) },
  pixel: { ocTile: isIndex, col: isIndex, oNij: isIndex, terms: isInts, sums: isInts, nij: isInts, addresses: isFloats, raw: isNumber, exact: isNumber, out: isNumber, dump: maybe(has({ value: isNumber, state: isIndex })) },
  cycles: { from: isIndex, states: isListOf(CYCLE) },
  layer: { macs: isNumber, flows: isListOf(FLOW), footprint: has({ activation: MEMORY, weight: MEMORY, psum: MEMORY, output: MEMORY }), worstCase: has({ psum: isIndex, out: isIndex }) },
  widths: { psums: isIndex, outputs: isIndex, points: isListOf(has({ bits: isIndex, psumsBeyond: isIndex, outputsBeyond: isIndex })), least: has({ psum: isIndex, out: isIndex }), psumRange: RANGE, outRange: RANGE },
  mismatch: { coordinates: maybe(isCoordinates), number: maybe(isIndex), of: maybe(isIndex) },
};
