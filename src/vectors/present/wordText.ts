import type { Coordinates, Kind } from '../axis';
import type { Layout } from '../layout';
import type { WordRead } from '../reading';
import { groupedBits, hex, signed, unsigned } from './numbers';
import type { Pixels } from './pixels';
import type { ArraySides } from './place';
import { placeNotes, placeText } from './place';

/** Real value of one activation code and of one weight code. */
export interface Steps {
  readonly activation: number;
  readonly weight: number;
}

/** What is known of the place of a word beyond its file. */
export interface WordContext {
  readonly pixels: Pixels;
  readonly sides: ArraySides;
  readonly steps?: Steps;
}

/** What a hover says of a word by itself, in plain pieces: editors add their own emphasis. */
export interface WordText {
  /** The value, the unknown digit, or `no number`. */
  readonly value: string;
  readonly kind: Kind;
  /** Coordinates, then what they mean; empty beyond the layout. */
  readonly place: readonly string[];
  readonly defect?: string;
  readonly pattern?: { readonly bits: string; readonly hex: string; readonly unsigned: string; readonly signed: string };
  readonly real?: string;
  readonly beyond?: string;
}

export function wordText({ spec }: Layout, word: WordRead, coordinates: Coordinates | undefined, { pixels, sides, steps }: WordContext): WordText {
  const { kind, bits } = spec;
  const { value, unknown, defect } = word;
  const real = value === undefined ? undefined : realValue(kind, value, steps);
  return {
    value: value === undefined ? (unknown ?? 'no number') : signed(value),
    kind,
    place: coordinates === undefined ? [] : [placeText(coordinates, pixels), ...placeNotes(kind, coordinates, pixels, sides)],
    ...(defect !== undefined && { defect }),
    ...(value !== undefined && { pattern: { bits: groupedBits(value, bits), hex: hex(value, bits), unsigned: String(unsigned(value, bits)), signed: signed(asSigned(value, bits)) } }),
    ...(real !== undefined && { real }),
    ...(coordinates === undefined && { beyond: 'The file goes on beyond its layout here.' }),
  };
}

/** What the code stands for in the network, where the set says how large a step is. */
function realValue(kind: Kind, value: number, steps: Steps | undefined): string | undefined {
  if (steps === undefined) return undefined;
  const step = { activation: steps.activation, weight: steps.weight, psum: steps.activation * steps.weight, out: steps.activation * steps.weight, address: undefined }[kind];
  return step === undefined ? undefined : `real value ${signed(Number((value * step).toPrecision(6)))} (× ${Number(step.toPrecision(6))})`;
}

function asSigned(value: number, bits: number): number {
  return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}
