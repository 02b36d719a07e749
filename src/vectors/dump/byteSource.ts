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
  for (let at = start; at < end; at += 8192) text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 8192)));
  return text;
}

export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
