import { isFloat64Array, isInt32Array, isUint8Array } from '../../protocol/shape';

type Numbers = Int32Array | Uint8Array | Float64Array;

/** Where a run of numbers starts, so that any type of them may. */
const ALIGNMENT = 8;

/**
 * The same message with all its arrays of numbers in one buffer. VS Code hands a message's buffers to a webview beside it and counts them in one
 * byte: of 256 and more, as the cycles of an array have, the later ones arrive empty. One buffer is quicker as well.
 */
export function packed<T>(message: T): T {
  const found = new Set<Numbers>();
  collect(message, found);
  if (found.size === 0) return message;
  const sizeOf = ({ byteLength }: Numbers): number => Math.ceil(byteLength / ALIGNMENT) * ALIGNMENT;
  const buffer = new ArrayBuffer([...found].reduce((sum, numbers) => sum + sizeOf(numbers), 0));
  const copies = new Map<unknown, Numbers>();
  let from = 0;
  for (const numbers of found) {
    const Made = isFloat64Array(numbers) ? Float64Array : isInt32Array(numbers) ? Int32Array : Uint8Array;
    const copy = new Made(buffer, from, numbers.length);
    copy.set(numbers);
    copies.set(numbers, copy);
    from += sizeOf(numbers);
  }
  return replaced(message, copies) as T;
}

function collect(value: unknown, found: Set<Numbers>): void {
  if (isInt32Array(value) || isUint8Array(value) || isFloat64Array(value)) found.add(value as Numbers);
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) collect(part, found);
}

function replaced(value: unknown, copies: ReadonlyMap<unknown, Numbers>): unknown {
  const copy = copies.get(value);
  if (copy !== undefined) return copy;
  if (Array.isArray(value)) return value.map((part: unknown) => replaced(part, copies));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, replaced(part, copies)]));
}
