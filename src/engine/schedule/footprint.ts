import type { LayerResult } from '../layer';
import type { Mapping } from '../tiling';
import { leastSignedBits } from '../width';
import { passesOf } from './weightStationary';

/** Bits of one code or sum in each memory. */
export interface WordBits {
  readonly activation: number;
  readonly weight: number;
  readonly psum: number;
  readonly output: number;
}

/** What a memory must hold. */
export interface Memory {
  /** Addresses: each holds the words of all rows, or of all columns. */
  readonly lines: number;
  readonly wordsPerLine: number;
  /** `lines * wordsPerLine` */
  readonly words: number;
  /** `words` times the bits of a word. */
  readonly bits: number;
  /** How often a layer fills it anew. */
  readonly fills: number;
}

/** The memories of the weight-stationary core: activations and weights of the whole layer, psums and outputs of one oc tile. */
export interface Footprint {
  /** `icTiles * nijCount` lines of `rows` words */
  readonly activation: Memory;
  /** `ocTiles * icTiles * kijCount * cols` lines of `rows` words */
  readonly weight: Memory;
  /** `icTiles * kijCount * nijCount` lines of `cols` words, for each oc tile anew */
  readonly psum: Memory;
  /** `oNijCount` lines of `cols` words, for each oc tile anew */
  readonly output: Memory;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A range of psums and one of outputs, with the least widths in two's complement that hold them. */
export interface WidthNeed {
  readonly psum: Range;
  readonly output: Range;
  readonly psumBits: number;
  readonly outputBits: number;
  /** The greater of both: the example core has one width for both. */
  readonly bits: number;
}

/** Words and bits of each memory for a layer. */
export function footprint(mapping: Mapping, bits: WordBits): Footprint {
  const { conv, tiling } = mapping;
  const { rows, cols, ocTiles, icTiles } = tiling;
  const passes = passesOf(mapping);
  return {
    activation: memory(icTiles * conv.nijCount, rows, bits.activation, 1),
    weight: memory(ocTiles * passes * cols, rows, bits.weight, 1),
    psum: memory(passes * conv.nijCount, cols, bits.psum, ocTiles),
    output: memory(conv.oNijCount, cols, bits.output, ocTiles),
  };
}

/**
 * The widths that this input needs. What a sum passes through on its way may reach further: that does no harm where adders wrap, and
 * where they saturate the worst case is the safe choice.
 */
export function measuredWidth({ psumRange, outRange }: Pick<LayerResult, 'psumRange' | 'outRange'>): WidthNeed {
  return widthNeed(psumRange, outRange);
}

/**
 * The widths that no input can leave: every product at its extreme, in each row that carries a channel, and for outputs in every
 * input channel and kij. What a sum passes through on its way stays inside as well.
 * @param activation codes that can occur, such as `codeRange(4, false)`
 * @param weight codes that can occur, such as -7 to 7 of the 4-bit quantiser, or `codeRange(4, true)` when any code may come
 */
export function worstCaseWidth({ conv, tiling }: Mapping, activation: Range, weight: Range): WidthNeed {
  const products = [activation.min * weight.min, activation.min * weight.max, activation.max * weight.min, activation.max * weight.max];
  // A sum of fewer products is one that the others leave alone
  const product = { min: Math.min(0, ...products), max: Math.max(0, ...products) };
  const times = (count: number): Range => ({ min: count * product.min, max: count * product.max });
  return widthNeed(times(Math.min(tiling.rows, conv.inChannels)), times(conv.inChannels * conv.kijCount));
}

function widthNeed(psum: Range, output: Range): WidthNeed {
  const psumBits = leastSignedBits(psum.min, psum.max);
  const outputBits = leastSignedBits(output.min, output.max);
  return { psum, output, psumBits, outputBits, bits: Math.max(psumBits, outputBits) };
}

function memory(lines: number, wordsPerLine: number, bitsPerWord: number, fills: number): Memory {
  const words = lines * wordsPerLine;
  return { lines, wordsPerLine, words, bits: words * bitsPerWord, fills };
}
