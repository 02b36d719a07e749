import { strayAddresses } from '../../vectors/addressOrder';
import type { Findings, GoldenFile } from './context';
import { plural } from './context';

/** Narrower words may use their whole range. */
const SIGN_BITS = 12;

/** Values that the width of the file cannot hold, and codes that a symmetric quantiser does not give. */
export function checkRange(file: GoldenFile, findings: Findings): void {
  const { spec, wordWidth } = file.layout;
  const digits = spec.radix === 'hex' ? wordWidth * 4 : wordWidth;
  if (spec.radix === 'decimal') checkDecimals(file, findings);
  else if (digits > spec.bits) checkUpperBits(file, findings);
  // The kind must be known: other signed files use their whole range
  if (spec.kind === 'weight' && spec.signed && spec.bits > 1 && spec.bits <= 8 && !file.best.kindIsGuess && !file.declared) checkLowest(file, findings);
  if ((spec.kind === 'psum' || spec.kind === 'out') && spec.signed && spec.bits >= SIGN_BITS && !file.declared) checkSignMagnitude(file, findings);
}

/** Addresses that leave the formula of the others. */
export function checkAddresses({ shape, layout, reading }: GoldenFile, findings: Findings): void {
  if (layout.spec.kind !== 'address' || layout.wordsPerLine !== 1) return;
  for (const { line, value, expected } of strayAddresses(layout, shape)) {
    if (Number.isNaN(value)) continue;
    const fileLine = shape.dataLines[line]!;
    const place = reading.words(fileLine)[0];
    findings.add({ rule: 'address-differs', what: `The address is ${value}; by the formula that the others follow it is ${expected}.`, next: 'Correct the address, or generate the list again.', fileLine, column: place?.column ?? 0, length: place?.length ?? 1 });
  }
}

function checkDecimals({ shape, reading, layout }: GoldenFile, findings: Findings): void {
  const { bits, signed } = layout.spec;
  const { min, max } = layout.range;
  for (const fileLine of shape.dataLines) {
    for (const { value, text, column } of reading.words(fileLine)) {
      if (value === undefined || (value >= min && value <= max)) continue;
      const digits = text.trimStart();
      findings.add({ rule: 'out-of-range', what: `${value} does not fit ${bits} ${signed ? 'signed' : 'unsigned'} bits (${min} to ${max}).`, next: 'Correct the value, or give the file more bits.', fileLine, column: column + text.length - digits.length, length: digits.length });
    }
  }
}

function checkUpperBits({ shape, reading, layout }: GoldenFile, findings: Findings): void {
  const { bits, signed, radix } = layout.spec;
  for (const fileLine of shape.dataLines) {
    for (const { text, value, defect, column, length } of reading.words(fileLine)) {
      const digits = text.trim().replaceAll('_', '');
      // A sign is reported by a rule of its own
      if (value === undefined || defect !== undefined || /^[-+]/.test(digits)) continue;
      const upper = BigInt(`${radix === 'hex' ? '0x' : '0b'}${digits}`) >> BigInt(bits);
      const ones = (1n << BigInt(digits.length * (radix === 'hex' ? 4 : 1) - bits)) - 1n;
      if (upper === 0n || (signed && value < 0 && upper === ones)) continue;
      findings.add({ rule: 'out-of-range', what: `${text.trim()} has digits above its ${bits} bits that are neither zeros nor a copied sign.`, next: 'Correct the word, or give the file more bits.', fileLine, column, length });
    }
  }
}

function checkLowest({ shape, layout, reading }: GoldenFile, findings: Findings): void {
  const { spec, wordsPerLine, wordWidth } = layout;
  const { min } = layout.range;
  const code = spec.radix === 'binary' ? `1${'0'.repeat(spec.bits - 1)}` : spec.radix === 'hex' && spec.bits % 4 === 0 ? `8${'0'.repeat(spec.bits / 4 - 1)}` : undefined;
  let [count, first, word] = [0, -1, 0];
  for (const fileLine of shape.dataLines) {
    const line = shape.line(fileLine);
    // Most lines do not hold these digits at all
    if (code !== undefined && !line.includes(code)) continue;
    const aligned = code !== undefined && wordWidth === code.length && line.trimEnd().length === layout.lineWidth - spec.trailing.length;
    const found = aligned
      ? Array.from({ length: wordsPerLine }, (_, i) => i).filter((i) => line.startsWith(code, layout.column(i)))
      : reading.words(fileLine).filter(({ value, defect }) => value === min && defect === undefined).map((read) => read.word);
    if (found.length === 0) continue;
    if (count === 0) [first, word] = [fileLine, found[0]!];
    count += found.length;
  }
  if (count === 0) return;
  const place = reading.words(first)[word];
  findings.add({
    rule: 'lowest-code',
    what: `${plural(count, 'weight')} ${count === 1 ? 'is' : 'are'} ${min}; the course's quantiser gives ${min + 1} to ${-min - 1}. This is the first.`,
    next: 'Look where the weights come from.',
    fileLine: first,
    column: place?.column ?? 0,
    length: place?.length ?? wordWidth,
  });
}

/** Words that are far below all others, and near them when the top bit is taken for a sign. */
function checkSignMagnitude({ shape, layout, reading }: GoldenFile, findings: Findings): void {
  const { bits, radix } = layout.spec;
  const { min } = layout.range;
  if (radix === 'decimal') return;
  // The top bit, then zeros: lines without such a word cost no more than a look
  const top = radix === 'binary' ? '1000' : '8';
  if (!shape.dataLines.some((fileLine) => shape.line(fileLine).includes(top))) return;
  const least = min + 2 ** (bits - 4);
  const usual = 2 ** (bits - 3);
  const isSuspect = (value: number): boolean => value < least;
  const values = reading.values();
  // The lowest value alone is what saturation leaves; beside others it is a negative zero
  if (!values.some((value) => value > min && isSuspect(value)) || values.some((value) => !isSuspect(value) && Math.abs(value) > usual)) return;
  for (const fileLine of shape.dataLines) {
    for (const { value, column, length, defect } of reading.words(fileLine)) {
      if (value === undefined || defect !== undefined || !isSuspect(value)) continue;
      findings.add({ rule: 'sign-magnitude', what: `The word reads ${value}, far below all others; as a sign and a magnitude it is ${value === min ? '-0' : min - value}.`, next: "Write negative values in two's complement.", fileLine, column, length });
    }
  }
}
