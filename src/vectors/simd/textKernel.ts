import type { Instance, WasmMemory } from '../../engine/simd/wasm';
import { instanceMaker, reserve } from '../../engine/simd/wasm';
import { CLASS_TABLES } from './byteClasses';
import textModule from './text.wat';

/** The functions of text.wat. Addresses in bytes. */
interface TextExports {
  readonly memory: WasmMemory;
  encode(from: number, to: number, lines: number, words: number, width: number, radix: number, gap: number, gapLength: number, end: number, endLength: number, spare: number, signed: number): number;
  decode(from: number, to: number, lines: number, words: number, width: number, radix: number, gap: number, gapLength: number, end: number, endLength: number, spare: number, signed: number, high: number, copies: number): number;
  likeLines(from: number, lines: number, pitch: number, starts: number): number;
  newlines(from: number, length: number, to: number): number;
  fits(from: number, lines: number, pitch: number, places: number, classes: number): number;
  same(a: number, b: number, length: number): number;
}

/** Lines that are all alike: words of so many digits, the same characters between two words, and the same at the end, the line end included. */
export interface LineForm {
  readonly radix: 'binary' | 'hex';
  /** Digits of a word. */
  readonly width: number;
  /** Of the value; the sign is the topmost of them. */
  readonly bits: number;
  readonly signed: boolean;
  /** Words of a line. */
  readonly words: number;
  readonly gap: Uint8Array;
  readonly end: Uint8Array;
  /**
   * What digits may say above the value's own bits when a word is read: anything; nothing but zeros; or, in negative values, copies of the
   * sign as well.
   */
  readonly above: 'anything' | 'zeros' | 'copies';
}

/** Fixed places. */
const GAP = 64;
const END = 80;
const CLASSES = 96;
const STARTS = 256;
const PLACES = 512;
/** Bytes of lines whose places are told apart. */
const MOST_PLACES = 1 << 12;
/** Of lines shorter than this several are looked at together. */
const LEAST_PLACES = 64;
const WORDS = PLACES + MOST_PLACES + LEAST_PLACES;

/** Longest gap and end, and most bits of digits. */
const VECTOR = 16;
const MOST_BITS = 32;
/** Bytes that are worked on at once: they stay in the cache. */
const PIECE = 1 << 17;
/** Vectors are read and written so far behind the text. */
const BEYOND = 64;
/** A line as long as this is left to others. */
const LONGEST_LINE = 1 << 24;

const makeInstance = /* @__PURE__ */ instanceMaker<TextExports>(textModule);

/** Reads and writes text on vectors. What a method gives as an array stands in its memory: it holds until the next call. */
export class TextKernel {
  private bytes: Uint8Array;
  private ints: Int32Array;

  constructor(private readonly instance: Instance<TextExports>) {
    this.bytes = new Uint8Array(instance.memory.buffer);
    this.ints = new Int32Array(instance.memory.buffer);
  }

  /** Can lines of this form be read and written here? */
  static takes({ width, radix, bits, words, gap, end }: LineForm): boolean {
    return width >= 1 && width * digitBits(radix) <= MOST_BITS && bits >= 1 && bits <= MOST_BITS && gap.length <= VECTOR && end.length <= VECTOR && words >= 1 && words * (width + gap.length) <= LONGEST_LINE;
  }

  /** How many lines are best read or written at once. */
  linesAtOnce(form: LineForm): number {
    return Math.max(1, Math.floor(PIECE / Math.max(pitchOf(form), 4 * form.words)));
  }

  /** Where the words of so many lines are put before {@link encode}, `[line, word]`. */
  words(form: LineForm, lines: number): Int32Array {
    this.place(form, lines);
    return this.ints.subarray(WORDS / 4, WORDS / 4 + lines * form.words);
  }

  /**
   * The text of the words that stand in {@link words}. Digits above their bits are zeros, in negative values too.
   * @returns undefined when a word does not fit its bits: the caller says which
   */
  encode(form: LineForm, lines: number): Uint8Array | undefined {
    const text = this.place(form, lines);
    const beyond = this.instance.run.encode(WORDS, text, lines, form.words, form.width, digitBits(form.radix), GAP, form.gap.length, END, form.end.length, MOST_BITS - form.bits, form.signed ? 1 : 0);
    return beyond === 0 ? this.bytes.subarray(text, text + lines * pitchOf(form)) : undefined;
  }

  /**
   * Words of lines, `[line, word]`.
   * @param text begins with the first line and holds them all
   * @returns undefined when one of the lines is not of the form: the caller says where, and why
   */
  decode(form: LineForm, lines: number, text: Uint8Array): Int32Array | undefined {
    const at = this.place(form, lines);
    this.bytes.set(text.length === lines * pitchOf(form) ? text : text.subarray(0, lines * pitchOf(form)), at);
    const digits = form.width * digitBits(form.radix);
    const high = form.above === 'anything' ? 0 : (digits === MOST_BITS ? -1 : 2 ** digits - 1) & ~ownBits(form);
    const irregular = this.instance.run.decode(at, WORDS, lines, form.words, form.width, digitBits(form.radix), GAP, form.gap.length, END, form.end.length, MOST_BITS - form.bits, form.signed ? 1 : 0, high, form.above === 'copies' && form.signed ? 1 : 0);
    return irregular === 0 ? this.ints.subarray(WORDS / 4, WORDS / 4 + lines * form.words) : undefined;
  }

  /** Room for text to be looked at, of so many bytes: what is read from a file may be put here at once. */
  room(length: number): Uint8Array {
    this.reserve(WORDS + length + BEYOND);
    return this.bytes.subarray(WORDS, WORDS + length);
  }

  /**
   * How many lines of `pitch` bytes, the newline included, stand at the beginning of some bytes in {@link room}, each with no other
   * newline and with a first byte that may begin one.
   * @param from first byte in the room
   * @param most lines that the room holds from there on
   * @param starts for each byte whether a line may begin with it
   */
  likeLines(from: number, most: number, pitch: number, starts: Uint8Array): number {
    this.bytes.set(starts, STARTS);
    return this.instance.run.likeLines(WORDS + from, most, pitch, STARTS);
  }

  /**
   * How many lines at the beginning of some bytes in {@link room} have at each place a byte that may stand there. None when lines are too long.
   * @param from first byte in the room
   * @param most lines that the room holds from there on
   * @param places for each byte of a line, line end included, the {@link BYTE_CLASSES} that may stand there, as bits
   */
  fits(from: number, most: number, places: Uint8Array): number {
    const pitch = places.length;
    if (pitch > MOST_PLACES || pitch === 0) return 0;
    this.bytes.set(CLASS_TABLES, CLASSES);
    const together = Math.ceil(LEAST_PLACES / pitch);
    for (let i = 0; i < together; i++) this.bytes.set(places, PLACES + i * pitch);
    const { run } = this.instance;
    const groups = together === 1 ? 0 : together * run.fits(WORDS + from, Math.floor(most / together), together * pitch, PLACES, CLASSES);
    return groups + run.fits(WORDS + from + groups * pitch, most - groups, pitch, PLACES, CLASSES);
  }

  /** How many of the first bytes at two places in {@link room} are equal. */
  same(a: number, b: number, length: number): number {
    return this.instance.run.same(WORDS + a, WORDS + b, length);
  }

  /** Where the newlines among the first bytes of the {@link room} are, counted from its beginning. */
  newlines(length: number): Int32Array {
    const to = (WORDS + length + BEYOND) & ~3;
    this.reserve(to + 4 * length + BEYOND);
    const count = this.instance.run.newlines(WORDS, length, to);
    return this.ints.subarray(to / 4, to / 4 + count);
  }

  /** Makes room for words and text of some lines and writes what the form is. @returns where the text stands */
  private place(form: LineForm, lines: number): number {
    const text = WORDS + 4 * lines * form.words + BEYOND;
    this.reserve(text + lines * pitchOf(form) + BEYOND);
    this.bytes.set(form.gap, GAP);
    this.bytes.set(form.end, END);
    return text;
  }

  private reserve(bytes: number): void {
    reserve(this.instance.memory, bytes);
    const { buffer } = this.instance.memory;
    if (this.bytes.buffer === buffer) return;
    this.bytes = new Uint8Array(buffer);
    this.ints = new Int32Array(buffer);
  }
}

let kernel: TextKernel | undefined;

/** The text kernel of this thread; undefined where the host has no vectors. */
export function textKernel(): TextKernel | undefined {
  if (kernel !== undefined) return kernel;
  const instance = makeInstance();
  if (instance !== undefined) kernel = new TextKernel(instance);
  return kernel;
}

/** Bytes of a line. */
export function pitchOf({ words, width, gap, end }: LineForm): number {
  return words * width + (words - 1) * gap.length + end.length;
}

function ownBits({ bits }: LineForm): number {
  return bits === MOST_BITS ? -1 : 2 ** bits - 1;
}

function digitBits(radix: LineForm['radix']): number {
  return radix === 'binary' ? 1 : 4;
}
