import type { Axis } from '../axis';
import type { FileReading, WordRead } from '../reading';
import { signed } from './numbers';
import type { Pixels } from './pixels';
import { pair } from './pixels';
import { orderText, wordsText } from './summary';

/** How the decoded values of a file stand beside its lines: the same columns in all lines. */
export interface Columns {
  /** Characters of the longest line, so that shorter ones are filled up. */
  readonly text: number;
  readonly label: number;
  /** Characters of the name of the outermost word, `row7`. */
  readonly name: number;
  readonly value: number;
  /** Greatest magnitude of the values. */
  readonly largest: number;
}

/** More words than these are not all shown beside a line. */
export const MOST_WORDS = 64;
/** Values that are read to find the widest; of a longer file the format's range decides. */
const MOST_VALUES = 50_000;
const NARROWEST = 3;
const BLANK = '\u00a0';
const WORD_AXES: Readonly<Record<Axis, string>> = { icTile: 'ic', ocTile: 'oc', row: 'row', col: 'col', kij: 'kij', nij: 'nij', o_nij: 'o' };

export function columnsOf(reading: FileReading, pixels: Pixels): Columns {
  const { layout } = reading;
  const { min, max } = layout.range;
  let [least, most] = [0, 0];
  if (layout.lineCount * layout.wordsPerLine <= MOST_VALUES) {
    for (const value of reading.values()) {
      if (value < least) least = value;
      else if (value > most) most = value;
    }
  } else [least, most] = [min, max];
  const last = Math.max(0, layout.lineCount - 1);
  const label = Math.max(lineLabel(reading, 0, pixels).length, lineLabel(reading, last, pixels).length, lineLabel(reading, Math.floor(last / 2), pixels).length);
  return { text: layout.lineWidth, label, name: wordName(reading, 0).length, value: Math.max(NARROWEST, signed(least).length, signed(most).length), largest: Math.max(-least, most) };
}

/** `t 17 (2,5)`: what the words of a line have in common and the lines do not. */
export function lineLabel({ layout }: FileReading, dataLine: number, pixels: Pixels): string {
  if (dataLine >= layout.lineCount) return '';
  const coordinates = layout.lineCoordinates(dataLine);
  const axes = [...new Set(layout.spec.lines.map(({ axis }) => axis))];
  const words = new Set(layout.spec.words.map(({ axis }) => axis));
  return axes
    .filter((axis) => !words.has(axis) || coordinates[axis] !== undefined)
    .map((axis) => {
      const value = coordinates[axis] ?? 0;
      const even = words.has(axis);
      return even ? `${axis} ${value % 2 === 0 ? 'even' : 'odd'}` : `${axis} ${value}${pair(axis, value, pixels)}`;
    })
    .join(' ');
}

export type Side = 'left' | 'right';

/** Longer lines leave no room for values to their right in a usual window. */
const WIDE = 96;

export function usualSide({ text }: Columns): Side {
  return text > WIDE ? 'left' : 'right';
}

export interface ValueLineOptions {
  readonly columns: Columns;
  readonly pixels: Pixels;
  /** Name the outermost words, on the first line. */
  readonly named: boolean;
  /** Right of the text, or left of it where long lines would push them out of view. */
  readonly side: Side;
  /** Words that ReLU cut: shown in parentheses. */
  readonly isCut: (word: WordRead) => boolean;
}

export interface PlacedValues {
  readonly text: string;
  /** Where in the text the values of the words stand, with blanks between: behind the label and the name of the first word. */
  readonly from: number;
  readonly length: number;
}

/** The decimal twin of a line: its label and its values, in the columns of the file. Blanks are no-break ones: others would collapse. */
export function valueLine(reading: FileReading, fileLine: number, words: readonly WordRead[], options: ValueLineOptions): string {
  return placedValueLine(reading, fileLine, words, options).text;
}

/** A {@link valueLine} with the place of its values. */
export function placedValueLine(reading: FileReading, fileLine: number, words: readonly WordRead[], { columns, pixels, named, side, isCut }: ValueLineOptions): PlacedValues {
  const dataLine = reading.dataLine(fileLine) ?? 0;
  const shown = words.slice(0, MOST_WORDS).map((word) => valueText(word, isCut(word)).padStart(columns.value)).join(' ');
  const [left, right] = named && reading.layout.wordsPerLine > 1 ? [wordName(reading, 0), wordName(reading, reading.layout.wordsPerLine - 1)] : ['', ''];
  const fill = side === 'left' ? '' : ' '.repeat(Math.max(0, columns.text - reading.shape.line(fileLine).length));
  const { layout } = reading;
  const whole = Math.min(layout.wordsPerLine, MOST_WORDS) * (columns.value + 1) + (layout.wordsPerLine > MOST_WORDS ? 2 : 0) + columns.label + columns.name * 2 + 3;
  const before = `${fill}${lineLabel(reading, dataLine, pixels).padEnd(columns.label)}  ${left.padStart(columns.name)} `;
  const text = `${before}${shown}${words.length > MOST_WORDS ? ' …' : ''} ${right}`;
  return { text: (side === 'left' ? text.padEnd(whole) : text.trimEnd()).replaceAll(' ', BLANK), from: before.length, length: shown.length };
}

/** `8 x uint4 · activation · ic tile 0 · rows 7..0`: what stands after the first line. */
export function legend({ layout }: FileReading, notes: readonly string[] = []): string {
  const { kind, fixed, words } = layout.spec;
  const tiles = [['icTile', 'ic tile'], ['ocTile', 'oc tile'], ['kij', 'kij']] as const;
  const places = tiles.flatMap(([axis, name]) => (fixed[axis] === undefined ? [] : [`${name} ${fixed[axis]}`]));
  return [wordsText(layout), kind, ...places, ...(words.length === 0 ? [] : [orderText(words)]), ...notes].join(' · ');
}

function valueText({ value, unknown, defect }: WordRead, cut: boolean): string {
  if (value === undefined) return unknown ?? '!';
  if (cut) return `(${signed(value)})`;
  return defect === undefined ? signed(value) : `!${signed(value)}`;
}

/** `row7`: the word loop's own coordinate of a word. */
function wordName({ layout }: FileReading, word: number): string {
  const axis = layout.spec.words.at(-1)?.axis;
  if (axis === undefined || layout.lineCount === 0) return '';
  return `${WORD_AXES[axis]}${layout.coordinates(0, word)[axis] ?? ''}`;
}
