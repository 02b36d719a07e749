import { isDumpName } from './fileNames';
import type { TextShape } from './textShape';

/** Written by a simulated design rather than by the generator of the goldens: its name says so, or it has a memory's word counters or addresses. */
export function isDump(name: string, shape: TextShape): boolean {
  return shape.isMemory || isDumpName(name);
}
