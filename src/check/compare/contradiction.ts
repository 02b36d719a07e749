import type { AxisRanges } from '../../vectors/dump/addressMap';
import type { WordSpot } from '../../vectors/dump/entries';
import { WORD_STATES, entryWords } from '../../vectors/dump/entries';
import type { TextEntries } from '../../vectors/dump/textEntries';
import { goldenRows } from './goldenRows';

/** Lines after which the caller may breathe. */
const LINES_A_STEP = 4096;

/** One place with two values. */
export interface Contradiction {
  readonly one: WordSpot;
  readonly other: WordSpot;
  readonly values: readonly [number, number];
}

/** The first place at which two golden files say different values for the same coordinates. Yields lines that were looked at. */
export function* contradiction(a: TextEntries, b: TextEntries): Generator<number, Contradiction | undefined> {
  const rows = goldenRows(a.layout, [b]);
  const [own, other] = [entryWords(a.layout.wordsPerLine), entryWords(a.layout.wordsPerLine)];
  const { bits } = a.layout.spec;
  const mask = bits >= 32 ? -1 : 2 ** bits - 1;
  const lines = Math.min(a.layout.lineCount, a.count);
  for (let line = 0; line < lines; line++) {
    a.read(line, own);
    rows.read(line, other);
    for (let word = 0; word < own.values.length; word++) {
      if (own.state[word] !== WORD_STATES.known || other.state[word] !== WORD_STATES.known) continue;
      // A twin may be read with the other sign: the same bits are the same value
      if (((own.values[word]! ^ other.values[word]!) & mask) === 0) continue;
      return { one: a.spot(line, word)!, other: rows.spot(line, word)!, values: [own.values[word]!, other.values[word]!] };
    }
    if (line % LINES_A_STEP === LINES_A_STEP - 1) yield line;
  }
  return undefined;
}

/** Can files with these coordinates have any in common? */
export function mayOverlap(first: AxisRanges, second: AxisRanges): boolean {
  return (Object.keys(first) as (keyof typeof first)[]).every((axis) => {
    const [one, other] = [first[axis]!, second[axis]];
    return other === undefined || (one.start < other.start + other.count && other.start < one.start + one.count);
  });
}
