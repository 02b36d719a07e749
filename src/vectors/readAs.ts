import type { Axis, Coordinates } from './axis';
import type { ReadFile } from './convention';
import type { Inference } from './inference';
import type { LayoutSpec } from './layout';
import { Layout } from './layout';
import { nameClues } from './nameClues';
import type { Order } from './orders';
import { down, up } from './orders';
import { FileReading } from './reading';

/** How words stand in a line, whatever they mean. */
export type WordForm = Pick<LayoutSpec, 'kind' | 'bits' | 'signed' | 'radix' | 'separator' | 'trailing' | 'width'>;

/** Reads files in many orders: values do not depend on the order of lines and words, so that one reading serves all. */
export class FileReader {
  /** @param firstKij number that file names give the first kernel position: some count from 1 */
  constructor(readonly firstKij = 0) {}

  private readonly kept = new Map<Inference, Map<string, Float64Array>>();
  private readonly named = new Map<Inference, Coordinates>();

  /** `[data line, word]` */
  values(inference: Inference, layout: Layout): Float64Array {
    const { radix, bits, signed } = layout.spec;
    const key = [radix, bits, signed, layout.wordWidth, layout.wordsPerLine].join();
    const ofFile = this.kept.get(inference) ?? new Map<string, Float64Array>();
    this.kept.set(inference, ofFile);
    const values = ofFile.get(key) ?? new FileReading(inference.shape, layout).values();
    ofFile.set(key, values);
    return values;
  }

  /** A file in some form and order, with its own header and the coordinates of its own name. */
  readAs(inference: Inference, form: WordForm, { lines, words }: Pick<Order, 'lines' | 'words'>): ReadFile {
    const { header, eol } = inference.candidates[0]!.layout.spec;
    const looped = new Set([...lines, ...words].map(({ axis }) => axis));
    const fixed = Object.fromEntries(Object.entries(this.fixedBy(inference)).filter(([axis]) => !looped.has(axis as Axis)));
    const layout = new Layout({ ...form, header, eol, lines, words, fixed });
    return { layout, values: this.values(inference, layout) };
  }

  private fixedBy(inference: Inference): Coordinates {
    const kept = this.named.get(inference) ?? this.counted(nameClues(inference.name).fixed);
    this.named.set(inference, kept);
    return kept;
  }

  /** Coordinates as they are counted here, from 0. */
  counted(fixed: Coordinates): Coordinates {
    return fixed.kij === undefined || this.firstKij === 0 ? fixed : { ...fixed, kij: fixed.kij - this.firstKij };
  }
}

/** A way to cut lines into words, however likely. */
export interface Form {
  readonly words: number;
  readonly form: WordForm;
}

/** Wider codes do not occur where nothing separates the words. */
const WIDEST_CODE = 16;

/** The ways to cut a file's lines into words of a kind: its own candidates, most likely first, then every other one that joined digits allow. */
export function formsOf({ candidates, twinWords }: Inference, kind: 'activation' | 'weight', widest = WIDEST_CODE): Form[] {
  const forms = new Map<string, Form>();
  const add = (words: number, form: WordForm): void => {
    const key = `${words} ${form.bits} ${form.radix}`;
    if (!forms.has(key)) forms.set(key, { words, form });
  };
  for (const { layout } of candidates) if (layout.spec.kind === kind) add(layout.wordsPerLine, formOf(layout.spec));
  const best = candidates[0]!.layout;
  if (isJoined(best) && twinWords === undefined) {
    const digits = digitsOf(best);
    for (let bits = 1; bits <= Math.min(digits, widest); bits++) {
      if (digits % bits === 0) add(digits / bits, { kind, bits, signed: kind === 'weight', radix: 'binary', separator: '', trailing: best.spec.trailing });
    }
  }
  return [...forms.values()];
}

export function formOf({ kind, bits, signed, radix, separator, trailing, width }: LayoutSpec): WordForm {
  return { kind, bits, signed, radix, separator, trailing, ...(width !== undefined && { width }) };
}

/** Words of another number and width in lines of joined bits. */
export function recut({ spec, lineCount }: Layout, words: number, bits: number, signed: boolean): Layout {
  const { kind, separator, trailing, header, eol } = spec;
  return new Layout({ kind, bits, signed, radix: 'binary', separator, trailing, header, eol, fixed: {}, lines: [up('nij', lineCount)], words: [down('col', words)] });
}

/** Are the lines runs of bits, which say nothing of where a word ends? */
export function isJoined({ spec }: Layout): boolean {
  return spec.separator === '' && spec.radix === 'binary';
}

export function digitsOf({ lineWidth, spec }: Layout): number {
  return lineWidth - spec.trailing.length;
}
