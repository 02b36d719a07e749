import type { Radix } from './layout';

/** What the characters of one word say. */
export interface WordValue {
  /** As the layout's sign says; absent when a digit is unknown or the word is malformed. */
  readonly value?: number;
  /** Simulator digits that stand for no value. `x` when both occur. */
  readonly unknown?: 'x' | 'z';
  /** What is wrong with the word, as a sentence. */
  readonly defect?: string;
}

/** How the digits of a word are to be taken. */
export interface WordFormat {
  readonly radix: Radix;
  readonly bits: number;
  readonly signed: boolean;
  /** Digits a word has, in binary and hex; of the wider ones only the low `bits` count. */
  readonly digits: number;
}

export const RADIX_NUMBER: Readonly<Record<Radix, number>> = { binary: 2, hex: 16, decimal: 10 };
const DIGITS: Readonly<Record<Radix, RegExp>> = { binary: /^[01]+$/, hex: /^[0-9a-f]+$/i, decimal: /^[0-9]+$/ };

/** Reads one word. Never throws; a word that can be guessed has a value and a defect. */
export function readWord(text: string, format: WordFormat): WordValue {
  const { radix, digits } = format;
  // Nearly all words are plain digits in full width
  const plain = radix !== 'decimal' && text.length === digits ? plainNumber(text, RADIX_NUMBER[radix]) : Number.NaN;
  if (!Number.isNaN(plain)) return { value: wrapped(plain, format.bits, format.signed) };
  const bare = text.trim().replaceAll('_', '');
  if (bare === '') return { defect: 'The word is missing.' };
  if (/^[+-]?[0-9a-fxz?]+$/i.test(bare) && /[xz?]/i.test(bare)) return { unknown: /x/i.test(bare) ? 'x' : 'z', ...(bare.length !== digits && radix !== 'decimal' && { defect: `The word has ${bare.length} of ${digits} digits.` }) };
  const sign = bare.startsWith('-') ? -1 : 1;
  const magnitude = bare.replace(/^[+-]/, '');
  if (!DIGITS[radix].test(magnitude)) return { defect: `${JSON.stringify(bare)} is no ${radix} number.` };
  const number = Number.parseInt(magnitude, RADIX_NUMBER[radix]);
  if (radix === 'decimal') return ranged(sign * number, format);
  // Test benches read such a word as x: what its writer meant is clear all the same
  if (sign < 0) return { value: -number, defect: `A minus sign stands inside a ${radix} word.` };
  if (bare.length !== digits) return { value: wrapped(number, format.bits, format.signed), defect: text.length === digits ? `The word is padded with blanks instead of zeros.` : `The word has ${bare.length} of ${digits} digits.` };
  return { value: wrapped(number, format.bits, format.signed) };
}

/** Digits a double holds exactly. */
const EXACT: Readonly<Record<number, number>> = { 2: 53, 16: 13 };

/** The number that a run of digits spells; NaN when there is anything else, or more than a double holds. */
export function plainNumber(text: string, base: number, from = 0, to = text.length): number {
  if (to === from || to - from > EXACT[base]!) return Number.NaN;
  let number = 0;
  for (let i = from; i < to; i++) {
    const digit = digitValue(text.charCodeAt(i));
    if (digit >= base) return Number.NaN;
    number = number * base + digit;
  }
  return number;
}

function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Infinity;
}

function ranged(value: number, { bits, signed }: WordFormat): WordValue {
  const min = signed ? -(2 ** (bits - 1)) : 0;
  const max = 2 ** (signed ? bits - 1 : bits) - 1;
  return value < min || value > max ? { value, defect: `${value} does not fit ${bits} ${signed ? 'signed' : 'unsigned'} bits.` } : { value };
}

const POWERS = Array.from({ length: 65 }, (_, bits) => 2 ** bits);

/** The low bits of a number, in two's complement where `signed`. */
export function wrapped(number: number, bits: number, signed: boolean): number {
  const modulus = POWERS[bits]!;
  const low = number < modulus ? number : number % modulus;
  return signed && low * 2 >= modulus ? low - modulus : low;
}
