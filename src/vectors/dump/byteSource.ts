/** Bytes that are read piece by piece: a file, or memory. Pure floors are given one and need no disk. */
export interface ByteSource {
  /** As messages call it: a path, or a name. */
  readonly name: string;
  /** Bytes in all. */
  readonly size: number;
  /** Copies bytes from `offset` on and says how many; fewer than asked for only at the end. */
  read(offset: number, into: Uint8Array): number;
}

export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (offset, into) => {
      const piece = bytes.subarray(offset, offset + into.length);
      into.set(piece);
      return piece.length;
    },
  };
}

/** One character a byte: digits, blanks and comments are ASCII, and columns then count bytes. */
export function asciiText(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let at = start; at < end; at += 8192) text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, Math.min(end, at + 8192))) as string;
  return text;
}

export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const CHUNK = 1 << 18;
const NEWLINE = 0x0a;

/** The lines of a text, one after the other, without line ends; of a longer one its first `most` characters. */
export function* linesOf(source: ByteSource, most: number): Generator<string> {
  const buffer = new Uint8Array(CHUNK);
  let [rest, pending] = ['', false];
  for (let offset = 0; ; ) {
    const got = source.read(offset, buffer);
    if (got === 0) break;
    offset += got;
    for (let start = 0; start < got; ) {
      const found = buffer.subarray(0, got).indexOf(NEWLINE, start);
      const end = found < 0 ? got : found;
      if (rest.length < most) rest += asciiText(buffer, start, Math.min(end, start + most - rest.length));
      pending = found < 0;
      if (!pending) {
        yield withoutReturn(rest);
        rest = '';
      }
      start = end + 1;
    }
  }
  if (pending) yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
