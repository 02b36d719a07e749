import { DATAFLOWS } from './inspect';
import { isProblemData } from './job';
import { EXPORT_FORMATS, PANEL_ACTIONS, SIDES, VIEWS } from './panel';
import type { HostMessage, PageMessage, PanelState, Selection } from './panel';
import { isBoolean, isCount, isNumber, isString, isUint8Array, isWhole, listOf, oneOf, optional, shapeOf, variantOf } from './shape';
import { VIEW_ANSWERS, VIEW_QUESTIONS, isCoordinates, isDumpInfo, isKind, isLayerInfo } from './viewGuards';

const testSelection = shapeOf({ icTile: isCount, ocTile: isCount, kij: isCount, nij: isCount, row: isCount, col: isCount, oNij: isWhole });
const testState = shapeOf({
  subject: isString,
  selection: testSelection,
  side: oneOf(SIDES),
  dump: optional(isString),
  view: oneOf(VIEWS),
  dataflow: oneOf(DATAFLOWS),
  cycle: isCount,
  follow: isBoolean,
});
const isAction = oneOf(PANEL_ACTIONS);
const isDumpChoice = shapeOf({ id: isString, name: isString, kind: optional(isKind) });

const testPageMessage = variantOf({
  ready: shapeOf({}),
  ask: shapeOf({ id: isCount, question: variantOf({ ...VIEW_QUESTIONS, compare: shapeOf({ dump: optional(isString) }) }) }),
  cancel: shapeOf({ id: isCount }),
  reveal: shapeOf({ kind: isKind, coordinates: isCoordinates, side: oneOf(['golden', 'dump']) }),
  follow: shapeOf({ on: isBoolean }),
  save: shapeOf({ name: isString, format: oneOf(EXPORT_FORMATS), data: (value) => isString(value) || isUint8Array(value) }),
  copy: shapeOf({ text: isString, what: isString }),
  copyLink: shapeOf({ selection: testSelection }),
  action: shapeOf({ action: isAction }),
  trouble: shapeOf({ what: isString }),
} satisfies Record<PageMessage['type'], unknown>);

const progress = { what: isString, done: isNumber, total: isNumber };
const testHostMessage = variantOf({
  opening: shapeOf({ name: isString, progress: optional(shapeOf(progress)) }),
  opened: shapeOf({ subject: isString, layer: isLayerInfo, dumps: listOf(isDumpChoice), state: optional(testState), follow: isBoolean }),
  dumps: shapeOf({ dumps: listOf(isDumpChoice) }),
  dumpLost: shapeOf({ problem: isProblemData }),
  empty: shapeOf({ problem: optional(isProblemData), actions: listOf(isAction) }),
  select: shapeOf({ kind: isKind, coordinates: isCoordinates, dump: optional(isString) }),
  progress: shapeOf({ id: isCount, ...progress }),
  answer: shapeOf({ id: isCount, answer: variantOf({ ...VIEW_ANSWERS, compared: shapeOf({ dump: optional(isDumpInfo) }) }) }),
  refused: shapeOf({ id: isCount, problem: isProblemData }),
  cancelled: shapeOf({ id: isCount }),
} satisfies Record<HostMessage['type'], unknown>);

/** What a page of an inspector sends. */
export function isPageMessage(value: unknown): value is PageMessage {
  return testPageMessage(value);
}

/** What the extension host sends to a page. */
export function isHostMessage(value: unknown): value is HostMessage {
  return testHostMessage(value);
}

export function isSelection(value: unknown): value is Selection {
  return testSelection(value);
}

/** What a page kept, or a link carries: both may be older than this version. */
export function isPanelState(value: unknown): value is PanelState {
  return testState(value);
}
