import type { DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/**
 * How many objects a model may decode to. A protobuf message of two bytes becomes a JavaScript object of hundreds, so the size of a
 * file does not bound the memory that it takes; real networks stay far below this count.
 */
export const MAX_OBJECTS = 4_000_000;

/** Messages nest graph > node > attribute > tensor > entry; far deeper is not a model. */
export const MAX_DEPTH = 32;

/**
 * Counts the objects that decoding `bytes` as `message` would create, without creating them.
 * @returns the count, or `Infinity` as soon as it exceeds `limit`
 * @throws Error of the protobuf library when the bytes are no protobuf message
 */
export function countObjects(message: DescMessage, bytes: Uint8Array, limit: number = MAX_OBJECTS): number {
  return count(message, new BinaryReader(bytes), bytes.length, limit, 0);
}

function count(message: DescMessage, reader: BinaryReader, end: number, limit: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new Error('messages nest too deeply');
  const fields = new Map(message.fields.map((field) => [field.number, field]));
  let objects = 1;
  while (reader.pos < end && objects <= limit) {
    const [number, wireType] = reader.tag();
    const field = fields.get(number);
    if (field?.message !== undefined && wireType === WireType.LengthDelimited) {
      const length = reader.uint32();
      const inside = reader.pos + length;
      if (inside > end) throw new Error('premature end of message');
      objects += count(field.message, reader, inside, limit - objects, depth + 1);
      reader.pos = inside;
    } else if (field !== undefined && wireType === WireType.LengthDelimited && isBigInteger(field.scalar)) {
      // packed: one byte at least becomes one bigint
      objects += reader.bytes().length;
    } else {
      if (field !== undefined) objects++;
      reader.skip(wireType, number);
    }
  }
  return objects > limit ? Infinity : objects;
}

function isBigInteger(scalar: ScalarType | undefined): boolean {
  return scalar === ScalarType.INT64 || scalar === ScalarType.UINT64;
}
