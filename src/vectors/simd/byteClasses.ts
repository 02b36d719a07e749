/** Classes of the bytes of regular lines, as bits. Tabs, `?` and `_` are in none: lines with them are left to careful code. */
export const BYTE_CLASSES = {
  /** 0 and 1. */
  bit: 1,
  /** 0 to 9. */
  digit: 2,
  /** A to F, a to f. */
  letter: 4,
  /** x and z, X and Z. */
  unknown: 8,
  minus: 16,
  blank: 32,
  return: 64,
  newline: 128,
} as const;

/** The bytes of a class: each whose high half is one of some and whose low half is one of others. */
const HALVES: readonly (readonly [number, readonly number[], readonly number[]])[] = [
  [BYTE_CLASSES.bit, [3], [0, 1]],
  [BYTE_CLASSES.digit, [3], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  [BYTE_CLASSES.letter, [4, 6], [1, 2, 3, 4, 5, 6]],
  [BYTE_CLASSES.unknown, [5, 7], [8, 10]],
  [BYTE_CLASSES.minus, [2], [13]],
  [BYTE_CLASSES.blank, [2], [0]],
  [BYTE_CLASSES.return, [0], [13]],
  [BYTE_CLASSES.newline, [0], [10]],
];

/** By the low half of a byte, then by the high half: the classes of a byte are the bits that both have. */
export const CLASS_TABLES = new Uint8Array(32);
for (const [bit, highs, lows] of HALVES) {
  for (const low of lows) CLASS_TABLES[low]! |= bit;
  for (const high of highs) CLASS_TABLES[16 + high]! |= bit;
}

/** The classes of a byte, as bits. */
export function classesOf(byte: number): number {
  return CLASS_TABLES[byte & 15]! & CLASS_TABLES[16 + (byte >> 4)]!;
}

const { bit, digit, letter, unknown, minus, blank, newline } = BYTE_CLASSES;

/**
 * What may stand at each place of lines that are nothing but words and blanks like one line is: digits where it has digits, the same
 * blanks and line end. Undefined for a line that does not begin with a digit, or has anything else in it.
 * @param line with its newline
 * @param binary 0 and 1 are the only digits
 */
export function placesLike(line: Uint8Array, binary: boolean): Uint8Array | undefined {
  const digits = binary ? bit : digit | letter;
  const places = new Uint8Array(line.length);
  for (const [at, byte] of line.entries()) {
    const classes = classesOf(byte);
    const allowed = (classes & digits) !== 0 ? digits : classes & (blank | BYTE_CLASSES.return | newline);
    if (allowed === 0 || (allowed === newline) !== (at === line.length - 1)) return undefined;
    places[at] = allowed;
  }
  return (places[0]! & digits) === 0 ? undefined : places;
}

/** What may stand at each place of a line of any words, signs included, that ends where one of this pitch does. */
export function placesOfWords(pitch: number): Uint8Array {
  const places = new Uint8Array(pitch).fill(bit | digit | letter | unknown | minus | blank | BYTE_CLASSES.return);
  places[pitch - 1] = newline;
  return places;
}
