import { Problem } from '../../engine/problem';
import type { IntegerFormat } from '../../engine/width';
import type { Kind } from '../axis';
import type { Cut } from '../fields';
import { cutsOf } from '../fields';
import type { Loop } from '../layout';
import { Layout } from '../layout';
import { nameClues } from '../nameClues';
import type { TextShape } from '../textShape';

/** Lines that are looked at. */
const SAMPLE_LINES = 256;

/** What a dump is expected to hold: the expected values say so, the dump itself need not. */
export interface WantedWords extends IntegerFormat {
  readonly kind: Kind;
  /** Words of an entry. */
  readonly count: number;
  /** Entries that are expected. */
  readonly entries: number;
}

/** How the lines of a dump are cut. */
export interface DumpForm {
  readonly cut: Cut;
  /** Words of a line: all of an entry, or one, when each word has a line of its own. */
  readonly wordsPerLine: number;
}

/**
 * The way to cut the lines of a dump into the words that are expected of it.
 * @param head the beginning of the file
 * @param lines data lines of the whole file: more than entries when each word has a line of its own
 * @throws Problem `check-form` when there is none
 */
export function dumpForm(head: TextShape, name: string, lines: number, { bits, count, entries, kind }: WantedWords): DumpForm {
  const cuts = head.report === undefined ? cutsOf(head.sample(SAMPLE_LINES)) : [];
  const named = nameClues(name).radix;
  const digits = (cut: Cut): number => cut.width * (cut.radix === 'hex' ? 4 : 1);
  const least = (cut: Cut): number => (cut.radix === 'hex' ? Math.ceil(bits / 4) * 4 : bits);
  const score = (cut: Cut): number => {
    const exact = cut.radix === 'decimal' || digits(cut) === least(cut) ? 4 : 0;
    return exact + (cut.radix === named ? 2 : 0) + (cut.count === count ? 8 : 0);
  };
  const fitting = cuts.filter((cut) => (cut.count === count || (cut.count === 1 && lines > entries)) && (cut.radix === 'decimal' || (digits(cut) >= least(cut) && digits(cut) <= 64)));
  const cut = fitting.sort((a, b) => score(b) - score(a))[0];
  if (cut !== undefined) return { cut, wordsPerLine: cut.count };
  const line = head.sample(1)[0];
  const found = head.report ?? `its lines are like ${JSON.stringify((line ?? '').slice(0, 48))}${(line ?? '').length > 48 ? '…' : ''}, ${line?.trimEnd().length ?? 0} characters`;
  throw new Problem('check-form', `${name} cannot be cut into ${count} ${kind} ${count === 1 ? 'word' : 'words'} of ${bits} bits a line: ${found}`.replace(/\.?$/, '.'), 'Check that it is the dump of the same thing, or give --bits (in tilescope.json "bits") if its words have another width.', { file: name });
}

/** The layout of a dump whose lines and words run over these loops. */
export function dumpLayout({ cut }: DumpForm, { kind, bits, signed }: WantedWords, lines: readonly Loop[], words: readonly Loop[], eol: '\n' | '\r\n'): Layout {
  const spec = { kind, bits, signed, radix: cut.radix, lines, words, fixed: {}, separator: cut.separator, trailing: cut.trailing, header: [], eol };
  const plain = new Layout(spec);
  return plain.wordWidth === cut.width ? plain : new Layout({ ...spec, width: cut.width });
}
