import type { LineRole } from '../textShape';
import { LOOK, roleOf } from '../textShape';
import { asciiText } from './byteSource';
import { cleanLine } from './comments';
import type { LineForm } from './lineForm';
import { isBroken } from './lineForm';

const NEWLINE = 0x0a;
const MINUS = 0x2d;

/** Characters of which every line consists that is nothing but words: digits, x, z and blanks. 2: a blank or a line end. */
const PLAIN = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEFxXzZ?_') PLAIN[character.charCodeAt(0)] = 1;
for (const character of ' \t\r\n') PLAIN[character.charCodeAt(0)] = 2;

/** For each two bytes: 0 when one of them is in no line of words (a sign may be), else 1 + the line ends among them. */
function pairTable(): Uint8Array {
  const pairs = new Uint8Array(1 << 16);
  const fits = (code: number): boolean => PLAIN[code] !== 0 || code === MINUS;
  for (let pair = 0; pair < pairs.length; pair++) {
    const [low, high] = [pair & 255, pair >> 8];
    if (fits(low) && fits(high)) pairs[pair] = 1 + Number(low === NEWLINE) + Number(high === NEWLINE);
  }
  return pairs;
}

/** Made when it is needed for the first time: where there are vectors, that is hardly ever. */
let pairTableMade: Uint8Array | undefined;

/** Says of one line after the other what it is: the same for the same lines, wherever one begins with a line of words. */
export class LineRoles {
  /** Within a comment that goes over several lines. */
  inBlock = false;
  /** The line that was looked at last holds words and nothing else. */
  isPlain = false;

  /** @param form of the lines of words; without it a broken line counts as text */
  constructor(private readonly form: LineForm | undefined) {}

  /**
   * @param end of the line without `\n`
   * @param afterWords lines of words stand before it: a broken one may follow
   */
  role(bytes: Uint8Array, start: number, end: number, afterWords: boolean): LineRole {
    this.isPlain = !this.inBlock && isPlain(bytes, start, end);
    if (this.isPlain) return 'data';
    const text = asciiText(bytes, start, Math.min(end, start + LOOK + 1));
    const clean = cleanLine(text, this.inBlock);
    const commented = clean.text !== text;
    this.inBlock = clean.inBlock;
    const role = roleOf(clean.text);
    if (role === 'blank' && commented) return 'comment';
    return role === 'text' && afterWords && this.form !== undefined && isBroken(clean.text, this.form) ? 'data' : role;
  }
}

/** A line of digits and blanks alone, as nearly all are, needs no second look. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  let all = 0;
  for (let at = start; at < end; at++) {
    const kind = PLAIN[bytes[at]!]!;
    if (kind === 0) return false;
    all |= kind;
  }
  return (all & 1) === 1;
}

/** Do these bytes consist of so many lines of words, each ending where one of this pitch does? */
export function arePlainLines(bytes: Uint8Array, start: number, pitch: number, lines: number): boolean {
  for (let line = 0; line < lines; line++) if (!mayBegin(bytes, start + line * pitch) || endsInSign(bytes, start + (line + 1) * pitch)) return false;
  return plainNewlines(bytes, start, start + lines * pitch) === lines;
}

/** A digit, x or z, with a sign or not, is the first that is no blank. */
export function mayBegin(bytes: Uint8Array, start: number): boolean {
  let at = start;
  while (PLAIN[bytes[at]!] === 2 && bytes[at] !== NEWLINE) at++;
  if (bytes[at] === MINUS) at++;
  return PLAIN[bytes[at]!] === 1;
}

/** `-----` is no line of words. */
export function endsInSign(bytes: Uint8Array, end: number): boolean {
  let at = end - 1;
  while (PLAIN[bytes[at]!] === 2) at--;
  return bytes[at] === MINUS;
}

/** Line ends among some bytes, two bytes at a time; -1 when there is anything that no line of words has. */
function plainNewlines(bytes: Uint8Array, from: number, to: number): number {
  const kinds = (pairTableMade ??= pairTable());
  const pairs = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  const [first, last] = [Math.min(to, (from + 1) & ~1), Math.max(from, to & ~1)];
  let count = 0;
  let plain = 1;
  const one = (at: number): void => {
    const code = bytes[at]!;
    if (code === NEWLINE) count++;
    else if (PLAIN[code] === 0 && code !== MINUS) plain = 0;
  };
  for (let at = from; at < first; at++) one(at);
  for (let i = first >> 1; i < last >> 1 && plain !== 0; i++) {
    const kind = kinds[pairs[i]!]!;
    plain &= kind === 0 ? 0 : 1;
    count += kind - 1;
  }
  for (let at = Math.max(first, last); at < to; at++) one(at);
  return plain === 0 ? -1 : count;
}
