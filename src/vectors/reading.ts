import type { Coordinates } from './axis';
import type { Layout } from './layout';
import type { TextShape } from './textShape';
import type { WordFormat, WordValue } from './wordValue';
import { fitsColumns, wordSpans } from './wordSpans';
import { plainNumber, readWord } from './wordValue';

/** A word as it stands in a file. Lines and columns count from 0; lines are file lines, header lines included. */
export interface WordRead extends WordValue {
  readonly fileLine: number;
  readonly column: number;
  /** Characters. */
  readonly length: number;
  readonly text: string;
  /** Which word of its line, from the left. */
  readonly word: number;
}

/** Where a word stands in a file. */
export interface WordPlace {
  readonly fileLine: number;
  readonly column: number;
  readonly length: number;
}

/** A text read with a layout. Tolerant: whatever is malformed becomes a defect of a word, and nothing throws. */
export class FileReading {
  private readonly format: WordFormat;

  constructor(
    readonly shape: TextShape,
    readonly layout: Layout,
  ) {
    const { radix, bits, signed } = layout.spec;
    this.format = { radix, bits, signed, digits: layout.wordWidth };
  }

  /** Which data line a file line is, from 0; undefined for headers, comments and blank lines. */
  dataLine(fileLine: number): number | undefined {
    return this.shape.dataLine(fileLine);
  }

  /** The words of a file line from left to right; none on a line without data. */
  words(fileLine: number): WordRead[] {
    if (this.shape.dataLine(fileLine) === undefined) return [];
    const line = this.shape.line(fileLine);
    return wordSpans(this.layout, line).map(({ column, length }, word) => {
      const text = line.slice(column, column + length);
      return { fileLine, column, length, text, word, ...readWord(text, this.format) };
    });
  }

  /** The word under a character and what it stands for. `coordinates` is absent where the file goes beyond its layout. */
  wordAt(fileLine: number, column: number): { readonly word: WordRead; readonly coordinates?: Coordinates } | undefined {
    const word = this.words(fileLine).find((candidate) => column >= candidate.column && column < candidate.column + candidate.length);
    if (word === undefined) return undefined;
    const coordinates = this.coordinates(fileLine, word.word);
    return { word, ...(coordinates !== undefined && { coordinates }) };
  }

  /** What a word stands for, or undefined when it lies outside the layout. */
  coordinates(fileLine: number, word: number): Coordinates | undefined {
    const line = this.shape.dataLine(fileLine);
    if (line === undefined || line >= this.layout.lineCount || word < 0 || word >= this.layout.wordsPerLine) return undefined;
    return this.layout.coordinates(line, word);
  }

  /** Where the value of these coordinates stands; undefined when the file does not hold it. */
  placeOf(coordinates: Coordinates): WordPlace | undefined {
    const position = this.layout.position(coordinates);
    const fileLine = position === undefined ? undefined : this.shape.dataLines[position.line];
    if (position === undefined || fileLine === undefined) return undefined;
    const span = wordSpans(this.layout, this.shape.line(fileLine))[position.word];
    return span === undefined ? undefined : { fileLine, ...span };
  }

  /** All values, `[data line, word]`, NaN where a word is unknown, malformed or missing. */
  values(): Float64Array {
    const { lineCount, wordsPerLine } = this.layout;
    const values = new Float64Array(lineCount * wordsPerLine).fill(Number.NaN);
    const lines = Math.min(lineCount, this.shape.dataLines.length);
    for (let line = 0; line < lines; line++) {
      const text = this.shape.line(this.shape.dataLines[line]!);
      if (this.readWellFormed(text, values, line * wordsPerLine)) continue;
      const spans = wordSpans(this.layout, text);
      for (let word = 0; word < Math.min(wordsPerLine, spans.length); word++) {
        const { column, length } = spans[word]!;
        values[line * wordsPerLine + word] = readWord(text.slice(column, column + length), this.format).value ?? Number.NaN;
      }
    }
    return values;
  }

  /** The quick way for lines of digits at the layout's columns, which are nearly all; false when there is anything else. */
  private readWellFormed(line: string, values: Float64Array, at: number): boolean {
    const { wordsPerLine, wordWidth, lineWidth, spec } = this.layout;
    if (spec.radix === 'decimal' || line.length < lineWidth - spec.trailing.length || line.length > lineWidth) return false;
    const [base, step, modulus] = [spec.radix === 'hex' ? 16 : 2, wordWidth + spec.separator.length, 2 ** spec.bits];
    for (let word = 0; word < wordsPerLine; word++) {
      const value = plainNumber(line, base, word * step, word * step + wordWidth) % modulus;
      if (Number.isNaN(value)) return false;
      values[at + word] = spec.signed && value >= modulus / 2 ? value - modulus : value;
    }
    return fitsColumns(this.layout, line);
  }
}
