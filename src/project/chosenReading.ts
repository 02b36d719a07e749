import { Problem } from '../engine/problem';
import type { Kind } from '../vectors/axis';
import { headerClues } from '../vectors/headerClues';
import type { Candidate, Inference } from '../vectors/inference';
import type { Radix } from '../vectors/layout';
import { Layout } from '../vectors/layout';
import { nameClues } from '../vectors/nameClues';
import { ordersOf } from '../vectors/orders';

/** What a user knows better than the inference. */
export interface Choice {
  readonly kind?: Kind;
  readonly bits?: number;
  readonly signed?: boolean;
  readonly radix?: Radix;
}

/**
 * The best reading that agrees with what the user chose; one made for the purpose when the inference has none.
 * @throws Problem `text-format` when the file is no table of words, or its lines cannot be cut so
 */
export function chosenReading(inference: Inference, choice: Choice): Candidate {
  const best = inference.candidates[0];
  if (best === undefined) throw new Problem('text-format', `${inference.name} cannot be decoded. ${inference.report ?? ''}`.trim(), 'Name a file with one row of binary, hex or decimal words a line.', { file: inference.name });
  return inference.candidates.find(({ layout }) => agrees(layout, choice)) ?? made(inference, best, choice);
}

function agrees({ spec }: Layout, { kind, bits, signed, radix }: Choice): boolean {
  return (kind ?? spec.kind) === spec.kind && (bits ?? spec.bits) === spec.bits && (signed ?? spec.signed) === spec.signed && (radix ?? spec.radix) === spec.radix;
}

function made(inference: Inference, best: Candidate, choice: Choice): Candidate {
  // Start from the reading that differs least: radix and kind before bits and sign
  const near = inference.candidates.find(({ layout }) => agrees(layout, { ...(choice.radix !== undefined && { radix: choice.radix }), ...(choice.kind !== undefined && { kind: choice.kind }) })) ?? best;
  const { spec } = near.layout;
  const radix = choice.radix ?? spec.radix;
  const bits = choice.bits ?? spec.bits;
  const kind = choice.kind ?? spec.kind;
  const signed = choice.signed ?? (choice.kind === undefined ? spec.signed : kind !== 'activation' && kind !== 'address');
  const cut = cutOf(near.layout, radix, bits);
  if (cut === undefined) {
    throw new Problem('text-format', `The lines of ${inference.name} (${near.layout.lineWidth} characters) cannot be cut into ${radix} words of ${bits} bits.`, 'Choose other --bits or another --radix.', { file: inference.name });
  }
  const name = nameClues(inference.name);
  const order = ordersOf({ kind, lines: near.layout.lineCount, words: cut.words, name, header: headerClues(inference.shape.header), hints: {} })[0]!;
  const looped = new Set([...order.lines, ...order.words].map(({ axis }) => axis));
  const fixed = Object.fromEntries(Object.entries(name.fixed).filter(([axis]) => !looped.has(axis as keyof typeof name.fixed)));
  const { separator, trailing, header, eol } = spec;
  const words = kind === 'address' ? [] : order.words;
  const layout = new Layout({ kind, bits, signed, radix, lines: order.lines, words, fixed, separator, trailing, header, eol, ...(cut.width !== undefined && { width: cut.width }) });
  return { layout, confidence: near.confidence, evidence: ['Read as you chose.', ...order.evidence], contradictions: [], kindIsGuess: false, proven: false };
}

/** Words of a line and their width, when a line can be cut so. */
function cutOf({ spec, wordsPerLine, wordWidth, lineWidth }: Layout, radix: Radix, bits: number): { words: number; width?: number } | undefined {
  // Decimals and separated words keep their places; the digits must be enough for the bits
  const perDigit = radix === 'hex' ? 4 : 1;
  if (radix === 'decimal' || spec.separator !== '') {
    if (spec.radix !== 'decimal' && radix !== 'decimal' && wordWidth * perDigit < bits) return undefined;
    return { words: wordsPerLine, width: wordWidth };
  }
  const digits = lineWidth - spec.trailing.length;
  const width = Math.ceil(bits / perDigit);
  return digits % width === 0 ? { words: digits / width } : undefined;
}
