import { contradictionsOf } from './contradictions';
import { headerClues } from './headerClues';
import type { Candidate, Inference } from './inference';
import type { Kind } from './axis';
import { Layout } from './layout';
import { nameClues } from './nameClues';
import { digitsOf, isJoined, recut } from './readAs';
import { FileReading } from './reading';

const WORDS_COMPARED = 4096;

/**
 * A decimal or hex file that holds the same values as a binary one beside it takes over what is known of that one: decimals do not
 * tell their width.
 */
export function withTwins(inferences: readonly Inference[]): Inference[] {
  const values = new Map<Inference, Float64Array>();
  const read = (inference: Inference): Float64Array => {
    const kept = values.get(inference) ?? new FileReading(inference.shape, inference.candidates[0]!.layout).values();
    values.set(inference, kept);
    return kept;
  };
  const binaries = inferences.filter(({ candidates: [best] }) => best?.layout.spec.radix === 'binary');
  return inferences.map((inference) => {
    const best = inference.candidates[0];
    if (best === undefined || best.proven || best.layout.spec.radix === 'binary') return inference;
    const twin = binaries.find((other) => belongs(inference, other) && equal(read(inference), read(other)));
    return twin === undefined ? inference : asTwin(inference, twin);
  });
}

/** For each file of joined binary words: the decimal file beside that holds the same values, and its words of a line. */
export function decimalTwins(inferences: readonly Inference[]): Map<Inference, { name: string; words: number }> {
  const decimals = new Map<string, Inference[]>();
  for (const inference of inferences) {
    if (inference.candidates[0]?.layout.spec.radix === 'decimal') {
      const key = placeKey(inference);
      decimals.set(key, [...(decimals.get(key) ?? []), inference]);
    }
  }
  const twins = new Map<Inference, { name: string; words: number }>();
  for (const inference of inferences) {
    const best = inference.candidates[0]?.layout;
    if (best === undefined || !isJoined(best)) continue;
    const twin = decimals.get(placeKey(inference))?.find((other) => showsSame(inference, best, other));
    if (twin !== undefined) twins.set(inference, { name: twin.name, words: twin.candidates[0]!.layout.wordsPerLine });
  }
  return twins;
}

/** What a file stands for by its name and lines, whatever the form of its words. */
function placeKey({ name, shape }: Inference): string {
  const { kind, fixed, set } = nameClues(name);
  return JSON.stringify([kind, fixed, set, shape.dataLines.length]);
}

function showsSame(binary: Inference, best: Layout, decimal: Inference): boolean {
  const words = decimal.candidates[0]!.layout.wordsPerLine;
  const bits = digitsOf(best) / words;
  if (!Number.isInteger(bits)) return false;
  const shown = new FileReading(decimal.shape, decimal.candidates[0]!.layout).values();
  return [true, false].some((signed) => equal(new FileReading(binary.shape, recut(best, words, bits, signed)).values(), shown));
}

function belongs(one: Inference, other: Inference): boolean {
  const [a, b] = [one.candidates[0]!.layout, other.candidates[0]!.layout];
  if (a.lineCount !== b.lineCount || a.wordsPerLine !== b.wordsPerLine) return false;
  const [left, right] = [nameClues(one.name), nameClues(other.name)];
  const coordinates = (clues: typeof left): string => JSON.stringify(clues.fixed);
  const near = (kind: Kind | undefined): boolean => kind === undefined || kind === b.spec.kind;
  return coordinates(left) === coordinates(right) && near(left.kind) && left.set === right.set;
}

function equal(a: Float64Array, b: Float64Array): boolean {
  const step = Math.max(1, Math.floor(a.length / WORDS_COMPARED));
  let known = 0;
  for (let i = 0; i < a.length; i += step) {
    if (Number.isNaN(a[i]!) !== Number.isNaN(b[i]!)) return false;
    if (Number.isNaN(a[i]!)) continue;
    if (a[i] !== b[i]) return false;
    known++;
  }
  return known > 0;
}

/** What a name or header says is said of that file alone. */
const OF_THE_NAME = /^The (?:file name|header)/;

function asTwin(inference: Inference, twin: Inference): Inference {
  const own = inference.candidates[0]!;
  const model = twin.candidates[0]!;
  const { radix, separator, trailing, header, eol } = own.layout.spec;
  const { kind, bits, signed, lines, words, fixed } = model.layout.spec;
  const spec = { kind, bits, signed, lines, words, fixed, radix, separator, trailing, header, eol };
  const plain = new Layout(spec);
  const layout = plain.wordWidth === own.layout.wordWidth ? plain : new Layout({ ...spec, width: own.layout.wordWidth });
  const candidate: Candidate = {
    layout,
    confidence: model.confidence,
    evidence: [...own.evidence.slice(0, 1), `All values equal those of ${twin.name}, of which it is the ${radix} twin.`, ...model.evidence.slice(1).filter((sentence) => !OF_THE_NAME.test(sentence))],
    contradictions: contradictionsOf(layout, headerClues(inference.shape.header), nameClues(inference.name)),
    kindIsGuess: model.kindIsGuess,
    proven: model.proven,
  };
  return { ...inference, candidates: [candidate] };
}
