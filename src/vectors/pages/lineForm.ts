const OTHER = 0;
const WORD = 1;
const BLANK = 2;
const COMMA = 3;
const SIGN = 4;
const NEWLINE = 5;
const RETURN = 6;

/** What a byte may be in a line of words. */
const CLASSES = new Uint8Array(256).fill(OTHER);
for (const letter of '0123456789abcdefABCDEFxXzZ?_') CLASSES[letter.charCodeAt(0)] = WORD;
CLASSES[0x20] = CLASSES[0x09] = BLANK;
CLASSES[0x2c] = COMMA;
CLASSES[0x2d] = CLASSES[0x2b] = SIGN;
CLASSES[0x0a] = NEWLINE;
CLASSES[0x0d] = RETURN;

/**
 * Finds the end of the line that begins at `start`, and says whether its bytes show at once that it is a line of words. A line for which
 * they do not may still be one: `textShape` decides.
 * @param atEnd the file ends at `to`, and so does the line
 * @returns where the next line begins, negative when the line needs a second look; 0 when it goes on behind `to`
 */
export function nextLine(bytes: Uint8Array, start: number, to: number, atEnd: boolean): number {
  let [plain, seen, before] = [true, false, NEWLINE];
  for (let at = start; at < to; at++) {
    const now = CLASSES[bytes[at]!]!;
    if (now === WORD) seen = true;
    else if (now === NEWLINE) return plain && seen && before !== SIGN ? at + 1 : -(at + 1);
    else if (now === SIGN) {
      // Two signs in a row begin a comment or a border; between words they are rare
      if (before === SIGN) plain = false;
    } else if (now === OTHER || (now === COMMA && !seen)) plain = false;
    if ((before === SIGN && now !== WORD) || before === RETURN) plain = false;
    before = now;
    if (!plain) {
      const newline = bytes.indexOf(0x0a, at);
      return newline >= 0 && newline < to ? -(newline + 1) : atEnd ? -to : 0;
    }
  }
  if (!atEnd) return 0;
  return plain && seen && before !== SIGN ? to : -to;
}

/** Bytes from `from` on that are NUL without a gap. */
export function nulRun(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && ((bytes.byteOffset + at) & 3) !== 0) {
    if (bytes[at] !== 0) return at - from;
    at++;
  }
  if (at === to) return to - from;
  // A hole of a sparse file may have gigabytes
  const quads = new Int32Array(bytes.buffer, bytes.byteOffset + at, (to - at) >> 2);
  let quad = 0;
  while (quad < quads.length && quads[quad] === 0) quad++;
  at += quad * 4;
  while (at < to && bytes[at] === 0) at++;
  return at - from;
}
