import path from 'node:path';
import type { FileInfo, FoundPlace, LayoutChoice, OtherRow, PageRow, TextPlace, ViewAnswer } from '../../protocol/pages';
import type { Coordinates } from '../../vectors/axis';
import { LineMap } from '../../vectors/pages/lineMap';
import type { Pairing } from '../../vectors/pages/pairing';
import { spotOf } from '../../vectors/pages/search';
import { completeCoordinates, parseCoordinates } from '../../vectors/present/goTo';
import { layoutSummary } from '../../vectors/present/summary';
import { TINTS, tintOf } from '../../vectors/present/tint';
import type { Columns } from '../../vectors/present/valueLine';
import { MOST_WORDS, columnsOf, legend, placedValueLine } from '../../vectors/present/valueLine';
import { wordText } from '../../vectors/present/wordText';
import type { WordRead } from '../../vectors/reading';
import { FileReading } from '../../vectors/reading';
import type { FoundManifest } from '../setManifest';
import { Manifests } from '../setManifest';
import { PagedFile } from './pagedFile';
import type { PageLayout } from './pageLayout';
import { layoutLike, pageLayout } from './pageLayout';

/** Lines that are decoded at most to find the widest value of a small file. */
const MOST_COLUMN_LINES = 60_000;

/** A file of any size, decoded where it is looked at. */
export class PageFile {
  readonly map: LineMap;
  /** A sentence where the file is no table of words. */
  private found: PageLayout | string;
  private columns: Columns | undefined;
  /** What `found` was found for. */
  private lines: number;

  private constructor(
    readonly file: string,
    private readonly source: PagedFile,
    private readonly manifest: FoundManifest | undefined,
    private readonly choice: LayoutChoice | undefined,
  ) {
    this.map = new LineMap(source);
    this.lines = this.map.status.lines;
    this.found = pageLayout(file, this.map, manifest, choice);
    this.columns = this.columnsOf();
  }

  /** @throws Problem `usage` when the file cannot be read */
  static async open(file: string, choice?: LayoutChoice): Promise<PageFile> {
    const manifest = await new Manifests().above(path.dirname(file));
    return new PageFile(file, PagedFile.open(file), manifest, choice);
  }

  get read(): PageLayout | undefined {
    return typeof this.found === 'string' ? undefined : this.found;
  }

  /** Why the file is no table of words. */
  private get report(): string {
    return typeof this.found === 'string' ? this.found : '';
  }

  close(): void {
    this.source.close();
  }

  /** Looks at some more of the file. @returns whether there is more, and whether the layout may be another now */
  step(): boolean {
    const goesOn = this.map.step();
    if (!goesOn) this.decide();
    return goesOn;
  }

  /** Decides the layout anew where the number of lines has become another. */
  decide(): void {
    const { lines } = this.map.status;
    if (lines === this.lines) return;
    this.lines = lines;
    this.found = pageLayout(this.file, this.map, this.manifest, this.choice);
    this.columns = this.columnsOf();
  }

  /** A manifest or the user says how it is read. */
  get isStated(): boolean {
    return this.read?.certain === true;
  }

  /** Reads the file like another one, where its lines have that form. */
  readLike(other: PageLayout, name: string): void {
    const like = layoutLike(other, this.map, name);
    if (like === undefined) return;
    this.found = like;
    this.columns = this.columnsOf();
  }

  info(): FileInfo {
    const { lines, counted, regular, checked, size } = this.map.status;
    const { read } = this;
    return {
      ...{ name: path.basename(this.file), size, lines, counted, regular, checked },
      ...(read === undefined ? { report: this.report } : { layout: { summary: layoutSummary(read.layout), legend: legend(new FileReading(this.map.head.shape, read.layout)), how: read.how } }),
      columns: { text: this.columns?.text ?? 0, values: this.firstValues().length },
    };
  }

  rows(from: number, count: number, pairing?: Pairing): PageRow[] {
    const window = this.map.window(from, count);
    const reading = this.read === undefined ? undefined : new FileReading(window, this.read.layout);
    const { jumps } = this.map;
    return Array.from({ length: window.lineCount }, (_, i): PageRow => {
      const line = from + i;
      const { text, role, data, unreadable, cut } = window.at(line)!;
      const words = reading?.words(line) ?? [];
      const jump = data < 0 ? undefined : jumps.findLast((one) => one.data <= data);
      return {
        ...{ line, text, role },
        ...(unreadable === true ? { note: 'unreadable' } : cut === true ? { note: 'cut' } : {}),
        ...(jump !== undefined && { address: jump.address + data - jump.data }),
        ...(words.length > 0 && reading !== undefined && { ...this.values(reading, line, words), words: this.tinted(words) }),
        ...(words.length > 0 && reading !== undefined && pairing !== undefined && { other: this.otherRow(pairing, reading, words) }),
      };
    });
  }

  hover({ line, column }: TextPlace): ViewAnswer & { type: 'hover' } {
    const { read } = this;
    if (read === undefined) return { type: 'hover' };
    const found = new FileReading(this.map.window(line, 1), read.layout).wordAt(line, column);
    if (found === undefined) return { type: 'hover' };
    const { word, coordinates } = found;
    return { type: 'hover', word: placeOf(word), says: wordText(read.layout, word, coordinates, read.context), how: read.how };
  }

  coordinatesAt(line: number, column: number): Coordinates | undefined {
    return this.read === undefined ? undefined : new FileReading(this.map.window(line, 1), this.read.layout).wordAt(line, column)?.coordinates;
  }

  spot(coordinates: Coordinates): FoundPlace | undefined {
    return this.read === undefined ? undefined : spotOf(this.map, this.read.layout, coordinates);
  }

  /** Where coordinates stand, or an `@` address; what is not typed stays as it is at `from`. */
  goTo(text: string, from: TextPlace): ViewAnswer & { type: 'wentTo' } {
    const number = /^\s*(?:line\s+)?(\d+)\s*$/.exec(text)?.[1];
    if (number !== undefined) return this.goToLine(Number(number));
    const address = /^\s*@([0-9a-f_]+)\s*$/i.exec(text)?.[1];
    if (address !== undefined) return this.goToAddress(Number.parseInt(address.replaceAll('_', ''), 16));
    const { read } = this;
    if (read === undefined) return { type: 'wentTo', problem: `The file has no coordinates. ${this.report}` };
    const { layout, context } = read;
    const typed = parseCoordinates(text, layout.spec.kind, context.sides);
    if ('problem' in typed) return { type: 'wentTo', problem: typed.problem };
    const here = this.coordinatesAt(from.line, Math.max(0, from.column));
    const complete = completeCoordinates(layout, typed.coordinates, { ...(layout.lineCount > 0 && layout.coordinates(0, 0)), ...here });
    if ('problem' in complete) return { type: 'wentTo', problem: complete.problem };
    const place = this.spot(complete.coordinates);
    return place === undefined ? { type: 'wentTo', problem: this.map.status.counted ? 'The file does not hold that word.' : 'The index has not come to that word yet.' } : { type: 'wentTo', place };
  }

  private goToLine(number: number): ViewAnswer & { type: 'wentTo' } {
    const { lines, counted } = this.map.status;
    if (number >= 1 && number <= lines) return { type: 'wentTo', place: { line: number - 1, column: 0, length: 0 } };
    return { type: 'wentTo', problem: counted ? `The file has ${lines} lines.` : `The index has come to line ${lines} so far.` };
  }

  private goToAddress(address: number): ViewAnswer & { type: 'wentTo' } {
    const { jumps, status } = this.map;
    // Of words written twice the last stays, as in the memory itself
    const at = jumps.findLastIndex((jump, i) => address >= jump.address && address - jump.address < (jumps[i + 1]?.data ?? status.data) - jump.data);
    const line = jumps.length === 0 ? this.map.lineOf(address) : at < 0 ? undefined : this.map.lineOf(jumps[at]!.data + address - jumps[at]!.address);
    return line === undefined ? { type: 'wentTo', problem: `The file holds no word at address ${address.toString(16)}.` } : { type: 'wentTo', place: { line, column: 0, length: 0 } };
  }

  private otherRow(pairing: Pairing, reading: FileReading, words: readonly WordRead[]): OtherRow {
    const matches = pairing.matches(reading, words);
    const { separator } = reading.layout.spec;
    const places: number[] = [];
    let text = '';
    for (const { own, other } of matches) {
      if (own.word > 0) text += separator === '' ? '' : ' ';
      const written = (other?.text ?? '·').padStart(own.length);
      places.push(text.length, written.length, own.word >= MOST_WORDS || other === undefined ? -1 : this.tint(other));
      text += written;
    }
    const { layout } = pairing.other;
    const stand = matches.map(({ other }) => other).filter((other) => other !== undefined);
    const values = matches.slice(0, MOST_WORDS).map(({ other }) => (other === undefined ? '·' : other.value === undefined ? (other.unknown ?? '!') : String(other.value).replace('-', '\u2212')));
    const width = this.columns?.value ?? 0;
    return { line: layout.lineCount === 0 ? -1 : (stand[0]?.fileLine ?? -1), text, values: values.map((value) => value.padStart(width)).join(' '), words: places, differing: matches.filter(({ differs }) => differs).map(({ own }) => own.word) };
  }

  private values(reading: FileReading, line: number, words: readonly WordRead[]): { readonly values: string; readonly numbers?: NonNullable<PageRow['numbers']> } {
    const { columns, read } = this;
    if (columns === undefined || read === undefined) return { values: '' };
    const { text, from, length } = placedValueLine(reading, line, words, { columns, pixels: read.context.pixels, named: reading.dataLine(line) === 0, side: 'left', isCut: () => false });
    return { values: text, numbers: { from, length } };
  }

  private firstValues(): string {
    const { shape } = this.map.head;
    const first = shape.dataLines[0];
    if (first === undefined || this.read === undefined) return '';
    const reading = new FileReading(shape, this.read.layout);
    return this.values(reading, first, reading.words(first)).values;
  }

  private tinted(words: readonly WordRead[]): number[] {
    return words.flatMap((word) => [word.column, word.length, word.word < MOST_WORDS ? this.tint(word) : -1]);
  }

  private tint(word: WordRead): number {
    return TINTS.indexOf(tintOf(word, this.columns?.largest ?? 0));
  }

  private columnsOf(): Columns | undefined {
    if (this.read === undefined) return undefined;
    const { layout, context } = this.read;
    const last = this.map.lineOf(Math.min(layout.lineCount, MOST_COLUMN_LINES) - 1) ?? 0;
    return columnsOf(new FileReading(this.map.window(0, layout.lineCount * layout.wordsPerLine <= MOST_COLUMN_LINES ? last + 1 : 1), layout), context.pixels);
  }
}

function placeOf({ fileLine, column, length }: WordRead): FoundPlace {
  return { line: fileLine, column, length };
}
