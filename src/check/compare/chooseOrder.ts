import type { Kind } from '../../vectors/axis';
import type { AddressMap } from '../../vectors/dump/addressMap';
import { denseLoops } from '../../vectors/dump/addressMap';
import type { Entries } from '../../vectors/dump/entries';
import { WORD_STATES, entryWords } from '../../vectors/dump/entries';
import type { Layout, Loop } from '../../vectors/layout';
import type { MappedDump } from './dump';
import { entryOf } from './dump';
import type { Expected } from './expected';

/** Lines that are looked at for each order. */
const SAMPLE_LINES = 512;
/** Of the first order so few are enough when nearly all of their words agree, at least so many that are not 0. */
const FEW_LINES = 64;
const FEW_WORDS = 64;
const NEARLY_ALL = 0.97;
/** Its multiples are spread evenly and never repeat. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;
/** Another order than the first is taken when it fits so well, and the first so much worse: a faulty dump must not look for an excuse. */
const FITS = 0.9;
const BETTER = 0.2;

export interface LoopOrder {
  readonly lines: readonly Loop[];
  readonly words: readonly Loop[];
}

export interface ChosenOrder {
  readonly dump: MappedDump;
  /** Why it is not the usual one. */
  readonly note?: string;
}

/**
 * The order in which a dump holds what is expected: the first, unless another one fits and the first does not.
 * @param layoutOf makes the dump's layout from loops
 */
export function chooseOrder(expected: Expected, entries: Entries, kind: Kind, base: number, orders: readonly LoopOrder[], layoutOf: (order: LoopOrder) => Layout): ChosenOrder {
  const dumps = orders.map((order): MappedDump => {
    const map: AddressMap = { base, strides: denseLoops(order.lines) };
    return { kind, entries, layout: layoutOf(order), map };
  });
  const [first, ...others] = dumps as [MappedDump, ...MappedDump[]];
  if (others.length === 0) return { dump: first };
  const few = agreeing(expected, first, FEW_LINES);
  if (few.equal >= FEW_WORDS && few.equal >= NEARLY_ALL * few.telling) return { dump: first };
  const usual = agreement(expected, first);
  if (usual >= FITS) return { dump: first };
  const best = others.map((dump) => ({ dump, agrees: agreement(expected, dump) })).sort((a, b) => b.agrees - a.agrees)[0]!;
  if (best.agrees < FITS || best.agrees < usual + BETTER) return { dump: first };
  const names = best.dump.layout.spec.lines.map(({ axis }) => axis).join(', then ');
  return { dump: best.dump, note: `The dump runs over ${names}: in this order ${percent(best.agrees)} of the words looked at agree, in the usual one ${percent(usual)}.` };
}

/** Share of words that agree, of those that are not 0 on both sides; 0 when there are none. */
export function agreement(expected: Expected, dump: MappedDump): number {
  const { telling, equal } = agreeing(expected, dump);
  return telling === 0 ? 0 : equal / telling;
}

/** Words of some lines, spread over the dump, that are not 0 on both sides, and how many of them agree. */
export function agreeing(expected: Expected, dump: MappedDump, most = SAMPLE_LINES): { telling: number; equal: number } {
  const { layout } = dump;
  const rows = expected.rows(layout);
  const [want, got] = [entryWords(layout.wordsPerLine), entryWords(layout.wordsPerLine)];
  const lines = Math.min(most, layout.lineCount);
  let [telling, equal] = [0, 0];
  for (let i = 0; i < lines; i++) {
    // At equal distances all could be lines that stand at the same place in several orders
    const line = Math.floor(((i + ((i * GOLDEN_RATIO) % 1)) * layout.lineCount) / lines);
    const entry = entryOf(dump, line);
    if (entry < 0) continue;
    rows.read(line, want);
    dump.entries.read(entry, got);
    for (let word = 0; word < layout.wordsPerLine; word++) {
      if (want.state[word] !== WORD_STATES.known || (want.values[word] === 0 && got.values[word] === 0)) continue;
      telling++;
      if (got.state[word] === WORD_STATES.known && got.values[word] === want.values[word]) equal++;
    }
  }
  return { telling, equal };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
