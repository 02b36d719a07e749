import type { InspectReply } from './inspect';
import { isProblemData } from './job';
import { isCount, isString, listOf, optional, shapeOf, variantOf } from './shape';
import { VIEW_ANSWERS, isDumpInfo, isKind, isLayerInfo } from './viewGuards';

const testReply = variantOf({
  ...VIEW_ANSWERS,
  progress: shapeOf({ what: isString, done: isCount, total: isCount }),
  opened: shapeOf({ layer: isLayerInfo, files: listOf(shapeOf({ file: isString, kind: isKind })), inputs: listOf(isString) }),
  compared: shapeOf({ dump: optional(isDumpInfo) }),
  located: shapeOf({ place: optional(shapeOf({ file: isString, line: isCount, column: isCount, length: isCount })) }),
  cancelled: shapeOf({}),
  failed: shapeOf({ problem: isProblemData }),
} satisfies Record<InspectReply['type'], unknown>);
const hasId = shapeOf({ id: isCount });

/** What the thread of an inspector sends. */
export function isInspectReply(value: unknown): value is InspectReply {
  return hasId(value) && testReply(value);
}
