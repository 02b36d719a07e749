import type { Axis, Kind } from './axis';
import { AXES_OF, KINDS } from './axis';
import { addressOrder } from './addressOrder';
import { contradictionsOf } from './contradictions';
import type { Cut } from './fields';
import { cutsOf, hasFewOdd } from './fields';
import type { HeaderClues } from './headerClues';
import { headerClues } from './headerClues';
import type { Candidate, Inference } from './inference';
import { Layout } from './layout';
import type { NameClues } from './nameClues';
import { nameClues } from './nameClues';
import type { FolderHints, Order } from './orders';
import { isSquare, ordersOf } from './orders';
import type { DigitFacts } from './radixPoints';
import { digitFacts, radixPoints } from './radixPoints';
import type { SampledLines, Statistics } from './statistics';
import { sampled, statisticsOf } from './statistics';
import type { TextShape } from './textShape';
import { textShape } from './textShape';

export interface InferRequest {
  readonly text: string;
  /** File name or path; only its last part is used. */
  readonly name: string;
  /** What the files of the same folder look like; see `hintsOf`. */
  readonly hints?: FolderHints;
}

/** Lines that the statistics look at. */
const SAMPLE_LINES = 256;
const SAMPLE_CHARACTERS = 1 << 18;
/** Longer lines hold no words that anyone could tell apart: 64 channels of 32 bits are 2048 characters. */
const LONGEST_LINE = 1 << 16;
/** Readings that are given to the user. */
const MOST_CANDIDATES = 8;
const LEAST_CONFIDENCE = 0.002;

/**
 * What a text most likely is: content first, then name, then header, then the shapes of the files beside. Never throws.
 * Readings that fit equally well are all candidates, best first.
 */
export function inferLayout({ text, name, hints = {} }: InferRequest): Inference {
  const shape = textShape(text);
  return inferShape(shape, name, hints);
}

/** The same for a text whose lines are known already. */
export function inferShape(shape: TextShape, name: string, hints: FolderHints): Inference {
  if (shape.report !== undefined) return { name, shape, candidates: [], report: shape.report };
  const clues = nameClues(name);
  const header = headerClues(shape.header);
  const sample = sampleOf(shape);
  if (sample.some((line) => line.length > LONGEST_LINE)) return { name, shape, candidates: [], report: `A line has more than ${LONGEST_LINE} characters: it is a stream, not a table of words.` };
  const facts: SampleFacts = { sample: sampled(sample), digits: digitFacts(sample), letters: lettersIn(sample) };
  const readings = ofTwin(cutsOf(sample), hints).flatMap((cut) => readingsOf(cut, shape, clues, header, facts));
  if (readings.length === 0) return { name, shape, candidates: [], report: 'The lines have no common form.' };
  const best = readings.sort((a, b) => b.score - a.score).slice(0, MOST_CANDIDATES);
  const scored = best.map((reading) => ({ ...reading, score: reading.score + neighbourPoints(reading, hints) })).flatMap((reading) =>
    orders(reading, shape, clues, header, hints).map((order) => ({ reading, order, score: reading.score + order.score })),
  );
  scored.sort((a, b) => b.score - a.score);
  const top = scored[0]!.score;
  const total = scored.reduce((sum, { score }) => sum + Math.exp(score - top), 0);
  const seen = new Set<Reading>();
  const shown = scored.filter(({ reading }, i) => {
    // Each way to cut the lines keeps a place beside the orders of the best one
    const first = !seen.has(reading);
    seen.add(reading);
    return i < MOST_CANDIDATES / 2 || first;
  });
  const candidates = shown
    .map(({ reading, order, score }) => candidate(reading, withTwin(order, hints), shape, clues, header, Math.exp(score - top) / total))
    .filter(({ confidence }, i) => i === 0 || confidence >= LEAST_CONFIDENCE)
    .slice(0, MOST_CANDIDATES);
  return { name, shape, candidates, ...(hints.twin !== undefined && { twinWords: hints.twin.words }) };
}

/** Decimals show where their words end: those cuts are left that agree with the decimal twin. */
function ofTwin(cuts: readonly Cut[], { twin }: FolderHints): readonly Cut[] {
  const agreeing = cuts.filter(({ count, radix }) => count === twin?.words && radix === 'binary');
  return agreeing.length > 0 ? agreeing : cuts;
}

function withTwin(order: Order, { twin }: FolderHints): Order {
  return twin === undefined ? order : { ...order, evidence: [...order.evidence, `Its decimal twin ${twin.name} has ${twin.words} ${twin.words === 1 ? 'word' : 'words'} a line.`] };
}

/** A cut with a kind and a width in bits. */
interface Reading {
  readonly cut: Cut;
  readonly kind: Kind;
  readonly bits: number;
  readonly signed: boolean;
  readonly score: number;
  readonly evidence: readonly string[];
  readonly kindIsGuess: boolean;
}

/** How usual a width is for each kind, as points. Widths that are missing are unusual. */
const USUAL_BITS: Readonly<Record<Kind, Readonly<Record<number, number>>>> = {
  activation: { 4: 0, 2: -1.5, 8: -1, 1: -3, 3: -3, 5: -3, 6: -3, 7: -3 },
  weight: { 4: 0, 8: -1, 2: -1.5, 3: -3, 5: -3, 6: -3, 7: -3 },
  psum: { 16: 0, 32: -1.2, 24: -1.2, 20: -1.5, 8: -3, 12: -2.5, 18: -3, 22: -3 },
  out: { 16: 0, 32: -1.2, 24: -1.2, 20: -1.5, 8: -2.5, 12: -2.5, 18: -3, 22: -3, 4: -3 },
  address: { 11: 0, 12: -0.5, 10: -0.5, 9: -1, 13: -1, 14: -1, 8: -2, 16: -1.5 },
};
const UNUSUAL_BITS = -5;
const USUAL_WORDS: Readonly<Record<number, number>> = { 8: 0, 16: -0.7, 4: -1, 64: -2, 32: -1.5, 1: -2.5, 2: -2.5, 128: -3, 288: -3, 6: -3, 12: -3 };
const UNUSUAL_WORDS = -4;

/** What the sample says however it is cut. */
interface SampleFacts {
  readonly sample: SampledLines;
  readonly digits: DigitFacts;
  /** Its words need the digits of hex. */
  readonly letters: boolean;
}

function readingsOf(cut: Cut, shape: TextShape, name: NameClues, header: HeaderClues, facts: SampleFacts): Reading[] {
  const points = radixPoints(cut, facts.digits, name.radix);
  const digits = cut.radix === 'decimal' ? 0 : wordDigits(cut);
  if (digits > 64) return [];
  const widths = cut.radix === 'decimal' ? [4, 8, 16, 32] : bitsOf(cut, digits, facts.sample);
  return widths.flatMap((bits) => {
    if (header.stated?.bits !== bits && KINDS.every((kind) => USUAL_BITS[kind][bits] === undefined)) return [];
    const statistics = statisticsOf(facts.sample, cut, bits);
    if (statistics.bad > 0.3) return [];
    return KINDS.flatMap((kind) => {
      if (kind === 'address' ? cut.count !== 1 : false) return [];
      const signed = kind === 'address' ? false : kind !== 'activation' || (cut.radix === 'decimal' && statistics.min < 0);
      if (cut.radix === 'decimal' && !decimalFits(bits, signed, kind, cut, statistics)) return [];
      const reading = judge({ cut, kind, bits, signed }, statistics, shape, name, header, facts);
      return [{ ...reading, score: reading.score + points }];
    });
  });
}

/** Bits that the digits of a binary or hex word could hold. */
function wordDigits({ radix, width }: Cut): number {
  return radix === 'hex' ? width * 4 : width;
}

/** Bits of a word of so many digits: all of them, or the low part when words stand in a wider memory. */
function bitsOf(cut: Cut, digits: number, sample: SampledLines): number[] {
  if (digits !== 32 || (cut.count > 1 && cut.form === 'joined' && cut.radix === 'binary')) return [digits];
  const { min, max } = statisticsOf(sample, cut, 32);
  // A negative 16-bit value in a 32-bit memory: `0000ffb3`
  return min >= 0 && max >= 2 ** 15 && max < 2 ** 16 ? [32, 16] : [digits];
}

/** The narrowest of the usual widths that holds the values and that the column is wide enough for. */
function decimalFits(bits: number, signed: boolean, kind: Kind, cut: Cut, { min, max }: Statistics): boolean {
  const fits = (width: number): boolean => (signed ? min >= -(2 ** (width - 1)) && max < 2 ** (width - 1) : min >= 0 && max < 2 ** width);
  const wide = kind === 'psum' || kind === 'out' || kind === 'address';
  const choice = (wide ? [16, 32] : cut.width >= 4 && cut.form === 'columns' ? [8, 16, 4] : [4, 8, 16]).find(fits);
  return choice === bits;
}

function judge(form: Pick<Reading, 'cut' | 'kind' | 'bits' | 'signed'>, statistics: Statistics, shape: TextShape, name: NameClues, header: HeaderClues, facts: SampleFacts): Reading {
  const { cut, kind, bits } = form;
  const evidence: string[] = [formSentence(cut, bits)];
  let score = (USUAL_BITS[kind][bits] ?? UNUSUAL_BITS) + (kind === 'address' ? 0.5 : (USUAL_WORDS[cut.count] ?? UNUSUAL_WORDS));
  const add = (points: number, sentence?: string): void => {
    score += points;
    if (sentence !== undefined) evidence.push(sentence);
  };
  const { stem, kind: named } = name;
  // An address list may bear any name but those of the codes
  if (kind === 'address' && (named === 'weight' || named === 'activation')) add(-4);
  if (named === kind) add(5, `The file name "${stem}" says ${kind}.`);
  else if ((named === 'psum' && kind === 'out') || (named === 'out' && kind === 'psum')) add(2.5);
  const inHeader = header.kinds.includes(kind);
  if (inHeader) add(1.5, `The header is one of ${kind} files.`);
  if (name.radix === cut.radix) add(4, `The file name says ${cut.radix}.`);
  else if (name.radix !== undefined) add(-2);
  // A file whose words need no letters is hex only when something says so
  if (cut.radix === 'hex' && name.radix !== 'hex' && (cut.form === 'joined' || cut.width > 1) && !facts.letters) add(cut.form === 'joined' ? -6 : -4);
  if (cut.radix !== 'decimal' && bits < wordDigits(cut)) add(3, `The upper bits of all words are 0: values of ${bits} bits stand in words of ${wordDigits(cut)}.`);
  if (header.stated?.bits === bits && header.stated.count === cut.count) add(6, `The header states ${cut.count} words of ${bits} bits.`);
  else if (header.count === cut.count) add(1.5, `The header names ${cut.count} words a line.`);
  if (header.outputStationary && (kind === 'weight') === (header.words === 'col')) add(0.5);
  add(valuePoints(kind, bits, cut, statistics, evidence));
  add(linePoints(kind, shape.dataLines.length, cut.count));
  const kindIsGuess = named !== kind && !inHeader;
  return { ...form, score, evidence, kindIsGuess };
}

/** The weights beside say how many rows the array has. */
function neighbourPoints({ kind, cut }: Reading, { weight }: FolderHints): number {
  if (kind !== 'activation' || weight === undefined) return 0;
  return cut.count === weight.words || cut.count === 2 * weight.words ? 1 : -1;
}

function valuePoints(kind: Kind, bits: number, cut: Cut, s: Statistics, evidence: string[]): number {
  let points = -8 * s.bad;
  // Columns as wide as 16 bits need are not made for codes of a few bits
  if (cut.radix === 'decimal' && cut.width >= 5 && (kind === 'activation' || kind === 'weight')) points -= 3;
  if (kind === 'psum' || kind === 'out') {
    if (bits >= 14 && cut.radix !== 'decimal') {
      points += 3 * (s.extended - 0.7);
      if (s.extended > 0.9) evidence.push(`The upper bits of ${percent(s.extended)} of the words that are not 0 repeat the sign, as small numbers in ${bits} bits do.`);
    }
    if (kind === 'psum' && s.min >= 0 && s.max > 0) points -= 0.5;
    if (kind === 'out' && s.min >= 0) points += 0.3;
    return points;
  }
  if (kind === 'activation') {
    if (s.leadingZeroLines > 1 && s.max > 0) {
      points += 1;
      evidence.push(`The first ${s.leadingZeroLines} lines are 0, as the padding of an image is.`);
    }
    return points + (s.nearMinusOne > 0.15 && bits > 2 ? -1 : 0.5) - (cut.radix === 'decimal' && s.min < 0 ? 2 : 0);
  }
  if (kind === 'weight') {
    if (s.nearMinusOne > 0.15 && bits <= 8) {
      points += 1;
      evidence.push(`${percent(s.nearMinusOne)} of the words that are not 0 read -1 to -3: small signed numbers.`);
    }
    return points - (s.leadingZeroLines > 2 ? 1 : 0);
  }
  return points + (cut.radix === 'binary' || cut.radix === 'decimal' ? 0.5 : 0);
}

function linePoints(kind: Kind, lines: number, words: number): number {
  switch (kind) {
    case 'weight':
      return lines === words || lines === 9 * words ? 1 : lines % 9 === 0 || [4, 8, 16, 32, 64].includes(lines) ? 0.3 : -1.5;
    case 'activation':
      return isSquare(lines) ? 0.7 : lines < 16 ? -1 : 0;
    case 'psum':
      return isSquare(lines) ? 0.5 : lines % 9 === 0 ? 0.3 : 0;
    case 'out':
      return isSquare(lines) ? 0.5 : 0;
    case 'address':
      return lines % 9 === 0 ? 0.7 : 0;
  }
}

function orders(reading: Reading, shape: TextShape, name: NameClues, header: HeaderClues, hints: FolderHints): Order[] {
  const request = { kind: reading.kind, lines: shape.dataLines.length, words: reading.cut.count, name, header, hints };
  const found = ordersOf(request);
  if (reading.kind !== 'address') return found;
  const order = addressOrder(layoutOf(reading, found[0]!, shape, name), shape);
  return order === undefined ? found : [order];
}

function layoutOf({ kind, bits, signed, cut }: Reading, order: Order, shape: TextShape, name: NameClues): Layout {
  const looped = new Set([...order.lines, ...order.words].map(({ axis }) => axis));
  const fixed = Object.fromEntries(Object.entries(name.fixed).filter(([axis]) => AXES_OF[kind].includes(axis as Axis) && !looped.has(axis as Axis) && kind !== 'address'));
  const spec = { kind, bits, signed, radix: cut.radix, lines: order.lines, words: order.words, fixed, separator: cut.separator, trailing: cut.trailing, header: shape.header, eol: shape.eol };
  const plain = new Layout(spec);
  return plain.wordWidth === cut.width ? plain : new Layout({ ...spec, width: cut.width });
}

function candidate(reading: Reading, order: Order, shape: TextShape, name: NameClues, header: HeaderClues, confidence: number): Candidate {
  const layout = layoutOf(reading, order, shape, name);
  // A guess stays below what arithmetic proves
  return { layout, confidence: Math.min(0.98, confidence), evidence: [...reading.evidence, ...order.evidence], contradictions: contradictionsOf(layout, header, name), kindIsGuess: reading.kindIsGuess, proven: false };
}

function formSentence({ radix, form, width, count, padded }: Cut, bits: number): string {
  const words = count === 1 ? 'one word' : `${count} words`;
  switch (form) {
    case 'joined':
      return `Lines of ${width * count} ${radix} digits: ${words} of ${bits} ${bits === 1 ? 'bit' : 'bits'}.`;
    case 'separated':
      return `${words} of ${width} ${radix} ${width === 1 ? 'digit' : 'digits'} a line, with blanks between.`;
    case 'columns':
      return `${words} a line in fixed columns of ${width} characters${padded && radix !== 'decimal' ? ', padded with blanks' : ''}: ${radix}.`;
    case 'ragged':
      return `${words} a line between blanks: ${radix}.`;
    case 'single':
      return `One ${radix} number a line.`;
  }
}

/** Lines from all over the file, fewer when they are long. */
function sampleOf(shape: TextShape): string[] {
  const length = Math.max(1, shape.sample(1, LONGEST_LINE + 1)[0]?.length ?? 1);
  return shape.sample(Math.max(16, Math.min(SAMPLE_LINES, Math.floor(SAMPLE_CHARACTERS / length))), LONGEST_LINE + 1);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function lettersIn(sample: readonly string[]): boolean {
  return !hasFewOdd(sample) && sample.some((line) => /[a-f2-9]/i.test(line));
}
