import fc from 'fast-check';
import type { Expected } from '../../../src/check/compare/expected';
import { memorySource } from '../../../src/vectors/dump/byteSource';
import type { OpenedDump } from '../../../src/project/check/dumpSide';
import { openText } from '../../../src/project/check/dumpSide';

/** A word as a simulator writes it: a value, or bits of which some are x or z. */
export interface SimWord {
  readonly value: number;
  /** Bits that are x, and those that are z. */
  readonly x: number;
  readonly z: number;
}

export const known = (value: number): SimWord => ({ value, x: 0, z: 0 });
export const allX = (bits: number): SimWord => ({ value: 0, x: 2 ** bits - 1, z: 0 });

/** How a test writes a dump; written here again, without the product's own code. */
export interface WriterForm {
  readonly name: string;
  readonly write: (entries: readonly (readonly SimWord[])[], bits: number) => string;
  /** Can x and z be told bit by bit? */
  readonly perBit: boolean;
  /** All x stands for never written. */
  readonly memory: boolean;
}

const digit = (word: SimWord, bit: number): string => ((word.x / 2 ** bit) & 1 ? 'x' : (word.z / 2 ** bit) & 1 ? 'z' : String((((word.value % 2 ** 32) + 2 ** 32) / 2 ** bit) & 1));
const binary = (word: SimWord, bits: number): string => Array.from({ length: bits }, (_, i) => digit(word, bits - 1 - i)).join('');

/** `x` and `z` for four of a kind, `X` and `Z` for some: as Icarus does. */
function hex(word: SimWord, bits: number): string {
  const padded = binary(word, bits).padStart(Math.ceil(bits / 4) * 4, '0');
  return padded.replaceAll(/.{4}/g, (four) => (/^x+$/.test(four) ? 'x' : /^z+$/.test(four) ? 'z' : four.includes('x') ? 'X' : four.includes('z') ? 'Z' : Number.parseInt(four, 2).toString(16)));
}

function decimal(word: SimWord, width: number): string {
  return (word.x !== 0 ? 'x' : word.z !== 0 ? 'z' : String(word.value)).padStart(width);
}

/** Icarus counts words in comments, from the start of the dumped range. */
function icarus(lines: readonly string[]): string {
  return lines.map((line, i) => (i % 16 === 0 ? `// 0x${i.toString(16).padStart(8, '0')}\n` : '') + `${line}\n`).join('');
}

const plain = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const words = (write: (word: SimWord, bits: number) => string, separator: string) => (entry: readonly SimWord[], bits: number): string => entry.map((word) => write(word, bits)).join(separator);

export const FORMS: readonly WriterForm[] = [
  { name: 'Icarus $writememb', perBit: true, memory: true, write: (entries, bits) => icarus(entries.map((entry) => words(binary, '')(entry, bits))) },
  { name: 'Icarus $writememh', perBit: false, memory: true, write: (entries, bits) => icarus(entries.map((entry) => words(hex, '')(entry, bits))) },
  { name: 'Verilator $writememh', perBit: false, memory: false, write: (entries, bits) => plain(entries.map((entry) => words(hex, '')(entry, bits))) },
  { name: '$display("%b")', perBit: true, memory: false, write: (entries, bits) => plain(entries.map((entry) => words(binary, '')(entry, bits))) },
  { name: 'binary with blanks', perBit: true, memory: false, write: (entries, bits) => plain(entries.map((entry) => words(binary, ' ')(entry, bits))) },
  { name: 'hex with blanks, CRLF', perBit: false, memory: false, write: (entries, bits) => entries.map((entry) => `${words(hex, ' ')(entry, bits)} \r\n`).join('') },
  { name: '$display("%d")', perBit: false, memory: false, write: (entries, bits) => plain(entries.map((entry) => entry.map((word) => decimal(word, String(2 ** bits).length + 1)).join(' '))) },
  { name: 'with a header', perBit: true, memory: false, write: (entries, bits) => `#time0col7[msb-lsb],time0col6[msb-lst]#\n#................#\n${plain(entries.map((entry) => words(binary, '')(entry, bits)))}` },
  { name: '@ addresses', perBit: false, memory: true, write: (entries, bits) => entries.map((entry, i) => `${i % 7 === 0 ? `@${i.toString(16)}\n` : ''}${words(hex, '')(entry, bits)}\n`).join('') },
];

/** A dump in memory. */
export async function openedText(name: string, text: string): Promise<OpenedDump> {
  return { name, files: [await openText(memorySource(name, Buffer.from(text, 'latin1')), {})], notes: [] };
}

/** What a dump of `entries` x `count` words should hold: loops over nij and columns 0.. */
export function expectedValues(values: readonly (readonly number[])[], bits: number): Expected {
  const count = values[0]!.length;
  const lines = [{ axis: 'nij', start: 0, step: 1, count: values.length }] as const;
  const wordLoops = [{ axis: 'col', start: 0, step: 1, count }] as const;
  return {
    name: 'expected',
    kind: 'psum',
    format: { bits, signed: true },
    ranges: { nij: { start: 0, count: values.length }, col: { start: 0, count } },
    orders: [{ lines, words: wordLoops }],
    size: values.length * count,
    rows: () => ({
      read: (line, into) => {
        into.values.set(values[line]!);
        into.state.fill(0);
        into.unknown.fill(0);
      },
      spot: () => undefined,
    }),
  };
}

/** Small signed numbers, as psums are; the extremes among them. */
export const psumValue = (bits: number): fc.Arbitrary<number> => fc.oneof({ arbitrary: fc.integer({ min: -60, max: 60 }), weight: 4 }, { arbitrary: fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }), weight: 1 });
