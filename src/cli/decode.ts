import path from 'node:path';
import { Problem, asProblem } from '../engine/problem';
import type { Choice } from '../project/chosenReading';
import type { DecodedFile } from '../project/decodeFile';
import { breathe } from '../project/breathe';
import { decodeFile } from '../project/decodeFile';
import type { Kind } from '../vectors/axis';
import { AXES, KINDS, describeCoordinates } from '../vectors/axis';
import type { Layout, Radix } from '../vectors/layout';
import { RADIXES } from '../vectors/layout';
import type { WordRead } from '../vectors/reading';
import type { Terminal } from './terminal';
import { EXIT, formatJson, reportProblems } from './terminal';

export interface DecodeArguments {
  readonly file: string;
  readonly json: boolean;
  readonly csv: boolean;
  readonly verbose: boolean;
  /** As typed: checked here. */
  readonly bits?: string;
  readonly kind?: string;
  readonly radix?: string;
  /** `--signed`, `--unsigned` */
  readonly signed?: boolean;
  readonly unsigned?: boolean;
}

const MOST_BITS = 64;

/** `tilescope decode FILE`: the words of a golden file as numbers with their coordinates. */
export async function runDecode(terminal: Terminal, args: DecodeArguments): Promise<number> {
  try {
    const choice = choiceOf(args);
    if (args.json && args.csv) throw new Problem('usage', '--json and --csv exclude each other.', 'Choose one of them.');
    const decoded = await decodeFile(path.resolve(terminal.cwd, args.file), choice, terminal.signal);
    if (args.json) terminal.out(formatJson(asJson(decoded, args.file)));
    else await print(terminal, args.csv ? csvRows(decoded) : tableRows(decoded, args.file));
    return EXIT.done;
  } catch (error) {
    return reportProblems(terminal, [asProblem(error)], args.json, args.verbose);
  }
}

function choiceOf({ bits, kind, radix, signed, unsigned }: DecodeArguments): Choice {
  const number = Number(bits);
  if (bits !== undefined && !(Number.isInteger(number) && number >= 1 && number <= MOST_BITS)) throw new Problem('usage', `--bits ${bits} is no width.`, `Give a whole number from 1 to ${MOST_BITS}.`);
  if (signed === true && unsigned === true) throw new Problem('usage', '--signed and --unsigned exclude each other.', 'Choose one of them.');
  return {
    ...(bits !== undefined && { bits: number }),
    ...(kind !== undefined && { kind: oneOf<Kind>('--kind', kind, KINDS) }),
    ...(radix !== undefined && { radix: oneOf<Radix>('--radix', radix, RADIXES) }),
    ...(signed === true ? { signed: true } : unsigned === true ? { signed: false } : {}),
  };
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Problem('usage', `${option} cannot be ${JSON.stringify(value)}.`, `Use one of ${allowed.join(', ')}.`);
  return found;
}

/** Characters that are written at once: a large file's rows are never all in memory. */
const BLOCK = 1 << 20;

async function print(terminal: Terminal, rows: Iterable<string>): Promise<void> {
  let block: string[] = [];
  let length = 0;
  for (const row of rows) {
    block.push(row);
    length += row.length;
    if (length < BLOCK) continue;
    terminal.out(block.join('\n'));
    [block, length] = [[], 0];
    if ((await terminal.written?.()) === false) return;
    await breathe(terminal.signal);
  }
  terminal.out(block.join('\n'));
}

/** Data lines with their words. */
function* linesOf({ reading, inference }: DecodedFile): Generator<{ fileLine: number; line: number; words: WordRead[] }> {
  let line = 0;
  for (const fileLine of inference.shape.dataLines) yield { fileLine, line: line++, words: reading.words(fileLine) };
}

function* tableRows(decoded: DecodedFile, file: string): Generator<string> {
  const { chosen, inference, unread } = decoded;
  const { layout, confidence, proven, evidence, contradictions } = chosen;
  const heads = Array.from({ length: layout.wordsPerLine }, (_, word) => describeWord(layout, word));
  const described = new Map(inference.candidates.map((candidate) => [describeLayout(candidate.layout), candidate] as const).reverse());
  // Readings that differ in a detail only, such as which kij, would read like the chosen one
  described.delete(describeLayout(layout));
  const others = [...described].reverse().map(([text, candidate]) => `  or ${text} (${candidate.confidence.toFixed(2)})`);
  yield [
    `${file}: ${describeLayout(layout)}, ${inference.shape.dataLines.length} lines, ${layout.spec.header.length} header lines. ${proven ? 'Proven.' : `Confidence ${confidence.toFixed(2)}.`}`,
    ...evidence.map((sentence) => `  ${sentence}`),
    ...contradictions.map((sentence) => `  But: ${sentence}`),
    ...others.slice(0, 3),
    ...(unread > 0 ? [`  ${unread} ${unread === 1 ? 'file beside was' : 'files beside were'} not read, because of size or number: what they prove is not known.`] : []),
    '',
  ].join('\n');
  // Read twice: the columns are as wide as their widest cell, and the cells of a large file do not fit in memory
  const widths: number[] = [];
  for (const row of cellsOf(decoded, heads)) for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  for (const row of cellsOf(decoded, heads)) yield row.map((cell, column) => (column === 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ').trimEnd();
}

function* cellsOf(decoded: DecodedFile, heads: readonly string[]): Generator<readonly string[]> {
  const { layout } = decoded.chosen;
  yield ['line', 'holds', ...heads];
  for (const { fileLine, line, words } of linesOf(decoded)) yield [String(fileLine + 1), line < layout.lineCount ? describeCoordinates(layout.lineCoordinates(line)) : '', ...words.map(shown)];
}

/** `weight, 8 x int4 binary, row 7..row 0` */
function describeLayout(layout: Layout): string {
  const { kind, bits, signed, radix } = layout.spec;
  const words = layout.wordsPerLine > 1 ? `, ${describeWord(layout, 0)}..${describeWord(layout, layout.wordsPerLine - 1)}` : '';
  const lines = layout.spec.lines.map(({ axis, count }) => `${axis} x ${count}`).join(', ');
  return `${kind}, ${layout.wordsPerLine} x ${signed ? 'int' : 'uint'}${bits} ${radix}${words}, lines: ${lines}`;
}

/** What a word has besides what its line has. */
function describeWord(layout: Layout, word: number): string {
  const own = layout.coordinates(0, word);
  const looped = new Set(layout.spec.words.map(({ axis }) => axis));
  const text = describeCoordinates(Object.fromEntries(Object.entries(own).filter(([axis]) => looped.has(axis as (typeof AXES)[number]))));
  return text === '' ? 'value' : text;
}

function shown({ value, unknown, defect }: WordRead): string {
  const text = unknown ?? (value === undefined ? '?' : String(value));
  return defect === undefined ? text : `${text}!`;
}

/** One row a word: file line and word from 1, the coordinates, the text, the value, and what is wrong with it. */
function* csvRows(decoded: DecodedFile): Generator<string> {
  const { layout } = decoded.chosen;
  const { spec } = layout;
  const looped = new Set([...spec.lines, ...spec.words].map(({ axis }) => axis));
  const axes = AXES.filter((axis) => looped.has(axis) || spec.fixed[axis] !== undefined);
  const first = layout.coordinates(0, 0);
  // Loops are affine: a word lies as far from its line's first on all lines
  const steps = Array.from({ length: layout.wordsPerLine }, (_, word) => {
    const place = layout.coordinates(0, word);
    return axes.map((axis) => place[axis]! - first[axis]!);
  });
  yield ['line', 'word', ...axes, 'text', 'value', 'defect'].join(',');
  for (const { fileLine, line, words } of linesOf(decoded)) {
    const start = line < layout.lineCount ? layout.coordinates(line, 0) : undefined;
    for (const { word, text, value, unknown, defect } of words) {
      const step = steps[word];
      const place = axes.map((axis, i) => (start === undefined || step === undefined ? '' : start[axis]! + step[i]!));
      yield [fileLine + 1, word + 1, ...place, quoted(text.trim()), value ?? unknown ?? '', quoted(defect ?? '')].join(',');
    }
  }
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function asJson(decoded: DecodedFile, file: string): object {
  const { chosen, inference, unread } = decoded;
  const values: (number | null)[][] = [];
  const defects: object[] = [];
  for (const { fileLine, words } of linesOf(decoded)) {
    values.push(words.map(({ value }) => value ?? null));
    for (const { word, column, length, text, unknown, defect } of words) {
      if (unknown !== undefined || defect !== undefined) defects.push({ line: fileLine + 1, column: column + 1, length, word: word + 1, text, what: defect ?? `The word has ${unknown ?? ''} digits.` });
    }
  }
  const reading = ({ layout, confidence, proven, kindIsGuess, evidence, contradictions }: typeof chosen): object => ({ layout: layout.spec, confidence, proven, kindIsGuess, evidence, contradictions });
  return { ok: true, file, ...reading(chosen), lineNumbers: [...inference.shape.dataLines].map((fileLine) => fileLine + 1), values, defects, others: inference.candidates.filter((candidate) => candidate !== chosen).map(reading), unread };
}
