import { KINDS } from '../vectors/axis';
import { isCheckTarget } from './checkGuards';
import type { InspectReply, InspectRequest } from './inspect';
import { isProblemData } from './job';
import { isRecord } from './record';
import type { Test } from './shape';
import { isBoolean, isCount, isNumber, isString, isWhole, listOf, oneOf, optional, shapeOf, variantOf } from './shape';
import { VIEW_ANSWERS, VIEW_QUESTIONS, isCoordinates, isDumpInfo, isLayerInfo } from './viewGuards';

/** The system's own functions throw on a NUL. */
const isPath: Test = (value) => typeof value === 'string' && value !== '' && !value.includes('\0');
const isKind = oneOf(KINDS);

const isSubject = variantOf({
  layer: shapeOf({ file: isPath, layer: isString, text: optional(isString) }),
  set: shapeOf({ folder: isPath, filesOnly: optional(isBoolean) }),
});

const testRequest = variantOf({
  ...VIEW_QUESTIONS,
  cancel: shapeOf({}),
  open: shapeOf({ subject: isSubject }),
  compare: shapeOf({ target: optional(isCheckTarget) }),
  locate: shapeOf({ kind: isKind, coordinates: isCoordinates, side: oneOf(['golden', 'dump']) }),
} satisfies Record<InspectRequest['type'], Test>);

const testReply = variantOf({
  ...VIEW_ANSWERS,
  progress: shapeOf({ what: isString, done: isNumber, total: isNumber }),
  opened: shapeOf({ layer: isLayerInfo, files: listOf(shapeOf({ file: isString, kind: isKind })), inputs: listOf(isString) }),
  compared: shapeOf({ dump: optional(isDumpInfo) }),
  located: shapeOf({ place: optional(shapeOf({ file: isString, line: isCount, column: isCount, length: isCount })) }),
  cancelled: shapeOf({}),
  failed: shapeOf({ problem: isProblemData }),
} satisfies Record<InspectReply['type'], Test>);

/** Is this a question, or a cancellation, in the right form? Whether its place is in the layer only the thread knows. */
export function isInspectRequest(value: unknown): value is InspectRequest {
  return isRecord(value) && isCount(value['id']) && testRequest(value);
}

/** Is this an answer, or a report of progress, whose parts are of the right types and fit each other? */
export function isInspectReply(value: unknown): value is InspectReply {
  return isRecord(value) && isWhole(value['id']) && testReply(value);
}

/** The number of a message that is no question, if it has one, so that it can be answered. */
export function idOf(value: unknown): number | undefined {
  return isRecord(value) && isCount(value['id']) ? (value['id'] as number) : undefined;
}
